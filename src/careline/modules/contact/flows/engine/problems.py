"""What a checker says."""

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to mend. ``code`` is translated (``flow_problem.<code>``); ``step`` is where, ``detail`` what."""

    code: str
    step: str
    detail: str = ""
