"""The letterbox: messages asked for by a flow, taken once, masked at the desk, and what is refused."""
