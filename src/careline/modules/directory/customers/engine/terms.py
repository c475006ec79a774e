"""Terms: everything that somebody may begin to type when they look for a customer.

Any part of a text is the beginning of one of its endings. So each ending of a number and of a name is a term, and a
search is one range of a sorted index, on any database. Names are also terms as they sound: each syllable in full or by
its first letter, as people type them (wangxiaomin, wangxm, wxm, xiaomin), in each reading of a character.

A term begins with two marks: what it is of (``n`` number, ``h`` written name, ``p`` sound) and where it begins (``0``
the beginning of the whole, ``1`` within), so that a range holds what is meant, and beginnings are found first.
"""

import enum
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from careline.kernel.errors import Invalid

VERSION = 1
"""Raised when terms are made otherwise: what was stored before is then made anew."""

Readings = Callable[[str], Sequence[str]]
"""How a character may sound, without tones, the usual reading first; empty for what is no Chinese character."""

SHORTEST_NUMBER = 3
LONGEST_TERM = 24
"""Characters of a term; of a longer part only the beginning is compared."""
LONGEST_NAME = 30
LONGEST_QUERY = 64
MOST_WORDS = 4
MOST_SOUNDS = 12
MOST_READINGS = 3
MIXED_UP_TO = 4
"""Syllables up to which any may be typed in full or by its letter; longer names are, from one place on, all one way."""

_LAST = "\U0010ffff"
_PIECE = re.compile(r"[0-9]+|[a-z]+|[^0-9a-z]+")
_SOUND = re.compile(r"[0-9]+|[a-z]+|[^0-9a-z]")
_DIGITS = re.compile(r"\+?[0-9]+\Z")


class Kind(enum.StrEnum):
    """What a term is of."""

    NUMBER = "n"
    NAME = "h"
    SOUND = "p"


class Word(msgspec.Struct, frozen=True):
    """One thing that a customer must have, to be found."""

    kind: Kind
    text: str

    def ranges(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The terms that fit, each from the first up to (not with) the second: beginnings, then what is within."""
        made = [f"{self.kind.value}{place}{self.text}" for place in "01"]
        return ((made[0], made[0] + _LAST), (made[1], made[1] + _LAST))

    @property
    def weight(self) -> float:
        """Greater for a word that fewer customers have: a character tells more than a digit or a letter."""
        return len(self.text) * (2.5 if self.kind is Kind.NAME else 1)


def words_of(query: str) -> list[Word]:
    """What a query asks for, the word that narrows most first; a customer must have them all.

    Raises ``Invalid``: ``search-empty``, ``search-too-long``, ``search-too-short`` (of a number at least three digits),
    ``search-too-many-words``.
    """
    if len(query) > LONGEST_QUERY:
        raise Invalid("search-too-long", field="q", max=LONGEST_QUERY)
    folded = _folded(query)
    digits = re.sub(r"[^\w+]+", "", folded)
    pieces = [_own_number(digits)] if _DIGITS.match(digits) else _pieces(folded)
    words = list(dict.fromkeys(_word(piece) for piece in pieces))
    if not words:
        raise Invalid("search-empty", field="q")
    if len(words) > MOST_WORDS:
        raise Invalid("search-too-many-words", field="q", max=MOST_WORDS)
    return sorted(words, key=lambda word: -word.weight)


def terms_of(numbers: Iterable[str], names: Iterable[str], readings: Readings) -> set[str]:
    """Every term of a customer with these numbers, in the form they are stored in, and these names."""
    made: set[str] = set()
    for number in numbers:
        made.update(_of(Kind.NUMBER, _endings(number.lstrip("+"), SHORTEST_NUMBER)))
    for name in names:
        folded = _folded(name)[:LONGEST_NAME]
        written = "".join(char for char in folded if char.isalnum())
        made.update(_of(Kind.NAME, _endings(written, 1)))
        made.update(_sounds(folded, readings))
    return made


def _folded(text: str) -> str:
    """One form for full-width and plain, large and small; ü is typed v."""
    return unicodedata.normalize("NFKC", text).casefold().replace("ü", "v")


def _own_number(digits: str) -> str:
    """As numbers are stored: without the prefix of the own country, in front of what is left of a number."""
    for prefix in ("+86", "0086"):
        if digits.startswith(prefix) and len(digits) > len(prefix):
            return digits[len(prefix) :]
    if digits.startswith("861") and len(digits) == 13:
        return digits[2:]
    return digits.lstrip("+")


def _pieces(folded: str) -> list[str]:
    """Stretches of one script each."""
    plain = "".join(char if char.isalnum() else _gap(char) for char in folded)
    return [piece for part in plain.split() for piece in _PIECE.findall(part)]


def _gap(char: str) -> str:
    """Marks on letters are left out of names, too; everything else stands between words."""
    return "" if unicodedata.category(char).startswith("M") else " "


def _word(piece: str) -> Word:
    if piece.isascii() and piece.isdigit():
        if len(piece) < SHORTEST_NUMBER:
            raise Invalid("search-too-short", field="q", min=SHORTEST_NUMBER)
        return Word(Kind.NUMBER, piece[:LONGEST_TERM])
    return Word(Kind.SOUND if piece.isascii() else Kind.NAME, piece[:LONGEST_TERM])


def _of(kind: Kind, endings: Iterable[tuple[int, str]]) -> Iterator[str]:
    for start, text in endings:
        yield f"{kind.value}{0 if start == 0 else 1}{text[:LONGEST_TERM]}"


def _endings(text: str, shortest: int) -> Iterator[tuple[int, str]]:
    for start in range(len(text) - shortest + 1):
        yield start, text[start:]


def _sounds(folded: str, readings: Readings) -> Iterator[str]:
    """What a name sounds like from each of its syllables on."""
    heard = [_syllables(char, readings) for char in _SOUND.findall(folded)]
    syllables = [one for one in heard if one]
    for start in range(len(syllables)):
        for said in _variants(syllables[start:]):
            yield from _of(Kind.SOUND, ((start, text) for text in _typed(said)))


def _syllables(char: str, readings: Readings) -> Sequence[str]:
    if char.isascii():
        return [char] if char.isalnum() else []
    return list(readings(char))[:MOST_READINGS]


def _variants(syllables: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Readings of several characters together, the usual ones first; a surname's are the last to be left out."""
    turned = itertools.product(*reversed(syllables))
    return (list(reversed(one)) for one in itertools.islice(turned, MOST_SOUNDS))


def _typed(syllables: Sequence[str]) -> Iterator[str]:
    """The ways to type syllables. The last is given in full: its first letter is the beginning of that."""
    *before, last = syllables
    if len(before) < MIXED_UP_TO:
        for said in itertools.product(*((one, one[0]) for one in before)):
            yield "".join(said) + last
        return
    yield "".join(syllables)
    yield "".join(one[0] for one in before) + last
