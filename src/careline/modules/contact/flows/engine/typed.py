"""What a customer types in a chat, read as the key that a caller would press. Pure."""

import re
import unicodedata

_WORDS = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    "两": "2",
    **dict(zip(("zero", "one", "two", "three", "four"), "01234", strict=True)),
    **dict(zip(("five", "six", "seven", "eight", "nine"), "56789", strict=True)),
}
_KEY = rf"(?P<key>[0-9*#]|{'|'.join(_WORDS)})"
_ALONE = re.compile(
    rf"(?:我?(?:选|按|打|给|评)|press |option )?{_KEY} ?(?:分|颗?星|号键?|键|points?|stars?)?[吧啊哦呢了]?[.。!!~～]*"
)
_LISTED = re.compile(r"(?P<key>[0-9*#])[、,.:;)]\D")
"""An entry of the menu copied as it was read: «1、宽带报障»."""


def typed_key(text: str) -> str:
    """The key that somebody means; empty when it is something else, such as a number of several digits.

    Full-width and circled digits are digits, Chinese and English words for them too: «５», «五», «5 分», «five stars».
    """
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\ufe0f", "").replace("\u20e3", "").strip()
    found = _ALONE.fullmatch(plain) or _LISTED.match(plain)
    if found is None:
        return ""
    key = found["key"]
    return _WORDS.get(key, key)
