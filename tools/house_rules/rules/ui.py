"""The front end: text comes from the catalogues, features do not know each other, no barrel files."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.source import SourceFile

UI = "ui/src"
NAMES = frozenset({"Careline"})  # what is called the same in every language
CATALOGUES = frozenset({"i18n", "locales"})

# Comments and quoted text, whichever begins first; "://" does not begin a comment.
_PIECES = re.compile(
    r"(?P<block>/\*.*?\*/)|(?P<line>(?<!:)//[^\n]*)"
    r"|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`",
    re.DOTALL,
)
_HAN = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60]")
_KEY_CAP = re.compile(r"<(?:kbd|Key)\b[^<>]*>$")  # what stands on a key is the same in every language
_JSX_WORDS = re.compile(r"(?<![=\-])>\s*([^<>{}()=;]*[A-Za-z]{2,}[^<>{}()=;]*?)\s*</")
_SAID = re.compile(
    r"\b(?:placeholder|title|aria-label|label|alt|okText|cancelText|description)="
    r"\"(?!https?://)([^\"]*[A-Za-z]{2,}[^\"]*)\""
)
"""Attributes that are shown or read out; an address as an example is the same in every language."""


def without_comments(text: str) -> str:
    """The text with every comment blanked, line by line the same length of file."""

    def blank(found: re.Match[str]) -> str:
        if found["block"] is None and found["line"] is None:
            return found[0]
        return re.sub(r"[^\n]", " ", found[0])

    return _PIECES.sub(blank, text)


def _is_test(path: PurePosixPath) -> bool:
    return ".test." in path.name or ".spec." in path.name or "__tests__" in path.parts


class TextInCode(FileRule):
    """Chinese outside the catalogues; plain words between JSX tags and in their attributes. Comments may be in both."""

    name = "ui-text"
    why = "text in code is shown in one language only, whatever the user chose"
    instead = "put it into the catalogues of both languages and show it by its key"

    def applies_to(self, file: SourceFile) -> bool:
        return (
            file.is_script
            and file.under(UI)
            and not CATALOGUES.intersection(file.path.parts)
            and not _is_test(file.path)
        )

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        code = without_comments(file.text)
        for number, line in enumerate(code.splitlines(), start=1):
            if _HAN.search(line):
                yield self.breach(file, number, "Chinese text in code")
        if file.path.suffix == ".tsx":
            for found in _JSX_WORDS.finditer(code):
                if found[1].strip() in NAMES or _KEY_CAP.search(code, 0, found.start() + 1):
                    continue
                at = code.count("\n", 0, found.start(1)) + 1
                yield self.breach(file, at, f"the words {found[1].strip()!r} in code")
            for found in _SAID.finditer(code):
                if found[1].strip() not in NAMES:
                    at = code.count("\n", 0, found.start(1)) + 1
                    yield self.breach(file, at, f"the words {found[1].strip()!r} in code")


_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""")


class FeatureDirection(FileRule):
    """``shared | design`` → ``features`` → ``app``; aliases ``@/`` and ``src/`` mean ``ui/src``."""

    name = "feature-direction"
    why = "features that know each other become one feature that nobody can change"
    instead = "compose them in app, or move what both need to shared"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_script and file.under(UI)

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        here = file.path.relative_to(UI).parts
        code = without_comments(file.text)
        for found in _IMPORT.finditer(code):
            there = _target(file.path, found[1])
            problem = _wrong_way(here, there) if there else None
            if problem:
                yield self.breach(file, code.count("\n", 0, found.start()) + 1, problem)


def _target(path: PurePosixPath, name: str) -> tuple[str, ...] | None:
    """The imported file's parts below ``ui/src``; None for a library."""
    for alias in ("@/", "~/", "src/"):
        if name.startswith(alias):
            return PurePosixPath(name.removeprefix(alias)).parts
    if not name.startswith("."):
        return None
    parts: list[str] = list(path.relative_to(UI).parent.parts)
    for part in PurePosixPath(name).parts:
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    return tuple(parts)


def _wrong_way(here: tuple[str, ...], there: tuple[str, ...]) -> str | None:
    if here[0] in {"shared", "design"} and there[:1] and there[0] in {"features", "app"}:
        return f"{here[0]} imports {there[0]}"
    if here[0] == "features" and there[:1] == ("app",):
        return "a feature imports app"
    if here[0] == "features" and len(there) > 1 and there[0] == "features" and there[1] != here[1]:
        return f"the feature {here[1]} imports the feature {there[1]}"
    return None


_REEXPORT = re.compile(r"^\s*export\s+(?:type\s+)?(?:\*|\{[^}]*\})[^;\n]*\bfrom\b", re.MULTILINE)


class BarrelFile(FileRule):
    name = "barrel-file"
    why = "a file that only re-exports hides who uses what, and drags everything into every bundle"
    instead = "import from the file that has it"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_script and file.under(UI)

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        code = without_comments(file.text)
        found = _REEXPORT.search(code)
        if found:
            yield self.breach(file, code.count("\n", 0, found.start()) + 1, "a re-export")
