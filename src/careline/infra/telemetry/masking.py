"""Keeping secrets and numbers of people out of log lines, whoever wrote the line."""

import re

HIDDEN = "•••"

_SECRETS = re.compile(
    r"""(?ix)
    (?P<name>
        (?:
            pass(?:word|wd|phrase) | secret | token | api[_-]?key | credential | csrf | one[_-]?time[_-]?code
          | (?<![a-z]) (?: cookie | session | otp | pin | digits | dtmf | careline_session )
        )
        [a-z0-9_-]*
    )
    (?P<between> ["']? \s* [:=] \s* )
    (?P<value> "[^"]*" | '[^']*' | [^\s,;&"')\]}]+ )
    """
)
_BEARER = re.compile(r"(?i)\b(bearer|basic|digest)\s+[A-Za-z0-9._~+/=-]{6,}")
_SERVICE_TOKEN = re.compile(r"\bcl_[0-9A-Za-z]{8,}")
_URL_PASSWORD = re.compile(r"(?<=://)([^\s/:@]*):([^\s/@]+)@")
_MSISDN = re.compile(r"(?<![\w-])((?:\+?86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?![\w-])")
_LONG_DIGITS = re.compile(r"(?<![\w.:-])(?:\d{13,19}[\dXx]?|\d{4}(?:[ -]\d{4}){2,3}[ -]\d{1,7})(?![\w:-])")


def masked(text: str) -> str:
    """The same line without passwords, tokens, keyed digits, card and identity numbers, and with masked MSISDNs.

    ``13812346021`` becomes ``138****6021``. Digits inside ids and longer words are left alone.
    """
    text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text)
    text = _SERVICE_TOKEN.sub(HIDDEN, text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _SECRETS.sub(rf"\g<name>\g<between>{HIDDEN}", text)
    text = _MSISDN.sub(r"\1****\2", text)
    return _LONG_DIGITS.sub(HIDDEN, text)
