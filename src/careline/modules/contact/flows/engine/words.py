"""What is said to a customer, and in which of a text's languages."""

from collections.abc import Callable

from careline.modules.contact.flows.engine.steps import CHINESE, Text


class Words(str):
    """Words as they are said or written, their gaps filled, with the language (BCP 47) that they are in."""

    language: str

    def __new__(cls, text: str, language: str) -> "Words":
        words = super().__new__(cls, text)
        words.language = language
        return words


def _everybody(_language: str) -> bool:
    return True


def chosen(text: Text, language: str, speaks: Callable[[str], bool] = _everybody) -> tuple[str, str]:
    """What to say to whoever understands ``language``, and the language it is in.

    The nearest that there is (RFC 4647, section 3.4): just it, shorter and shorter forms of it (``en`` for ``en-GB``),
    another one of the same (``en-US``), else Chinese. What nobody ``speaks`` is passed over.
    """
    known = {tag: words for tag, words in text.items() if words and (tag == CHINESE or speaks(tag))}
    found = nearest(language, known)
    return (known[found], found) if found is not None else (text[CHINESE], CHINESE)


def in_language(text: Text, language: str) -> str:
    """As ``chosen``, without saying which language it is in."""
    return chosen(text, language)[0]


def nearest(language: str, known: dict[str, str]) -> str | None:
    """The one of some languages that is nearest to one; None when there is none of the same."""
    by_form = {tag.casefold(): tag for tag in reversed(known)}
    form = language.casefold()
    while form:
        if form in by_form:
            return by_form[form]
        form = form.rpartition("-")[0]
    main = language.partition("-")[0].casefold()
    return next((tag for tag in known if tag.partition("-")[0].casefold() == main), None)
