"""Flows: the language and its checks, the interpreter over both channels, the studio."""
