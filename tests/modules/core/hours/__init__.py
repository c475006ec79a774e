"""Business hours: pure rules, and calendars kept for a tenant."""
