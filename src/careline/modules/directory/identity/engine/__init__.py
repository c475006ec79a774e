"""Pure parts of getting in: one-time codes, recovery codes, tokens of service accounts, and what is still pending."""
