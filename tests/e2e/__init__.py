"""The whole application as a process on the real parts: callers on SIP phones, agents and visitors in Chromium."""
