"""Text of people: what stays of it, and what is refused."""

import pytest

from careline.kernel.errors import Invalid
from careline.kernel.text import checked_text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" 王小敏 ", "王小敏"),
        ("e\u0301", "é"),
        ("\u202a+8613812346021\u202c", "+8613812346021"),
        ("abc\u202egnp.exe", "abcgnp.exe"),
        ("\u2067a\u2069", "a"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("سلام\u200f", "سلام\u200f"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ('=HYPERLINK("x")', '=HYPERLINK("x")'),
    ],
)
def test_a_name_is_what_was_typed_and_turns_nothing_around(given: str, kept: str) -> None:
    assert checked_text(given, field="name", max_length=40) == kept


def test_what_has_lines_of_its_own_stays_as_it_is() -> None:
    assert checked_text("a\u202eb\n\tc", field="text", max_length=40, lines=True) == "a\u202eb\n\tc"


@pytest.mark.parametrize("given", ["", " \n ", "\u202e", "a\x00b", "a\nb", "a\x1bb", "a\ud800", "x" * 41])
def test_what_no_screen_can_show_is_refused(given: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_text(given, field="name", max_length=40)
    assert refused.value.field == "name"
