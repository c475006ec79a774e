"""The Asterisk adapter without an Asterisk: pure parts, and the links against a server of the test's own."""
