"""Names that telephony gives. Pure."""


def demo_endpoint(number: str) -> str:
    """The endpoint of the demo phone that calls as ``number``."""
    return f"demo-phone-{number}"
