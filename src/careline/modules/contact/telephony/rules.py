"""Names that telephony gives. Pure."""


def demo_endpoint(number: str) -> str:
    """The endpoint of the demo phone that calls as ``number``."""
    return f"demo-phone-{number}"


def talk_broke(*, normal: bool, asked: bool, browser: bool) -> bool:
    """Whether a talk whose agent's leg is over broke, so that the caller is connected again, or was ended by the agent.

    ``normal``: the phone said goodbye as one that hangs up. That is the agent's word on a desk telephone; a browser
    says the same when its page goes, in whatever state it was caught, so from there only the agent's own wish counts,
    which reaches us apart from the call (``asked``).
    """
    return not asked and (browser or not normal)
