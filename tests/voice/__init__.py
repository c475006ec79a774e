"""The voice engine on a real Asterisk: a private node on free ports for each test session, played by SIP phones."""
