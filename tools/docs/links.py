"""Finding links in Markdown that lead nowhere."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[[^\]]*\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def broken_links(root: Path, documents: list[Path]) -> Iterator[str]:
    """One line for each link that leads nowhere: ``docs/a.md:12: b.md#c – reason``."""
    for document in documents:
        text = _without_code(document.read_text(encoding="utf-8"))
        for match in _LINK.finditer(text):
            reason = _wrong(document, match.group(1))
            if reason:
                line = text.count("\n", 0, match.start()) + 1
                yield f"{document.relative_to(root)}:{line}: {match.group(1)} – {reason}"


def anchors(text: str) -> set[str]:
    """The names that links can point at: GitHub's way of making them out of headings."""
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", text)):
        words = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.lower()))
        name = words.replace(" ", "-")
        count = sum(1 for other in found if other == name or re.fullmatch(re.escape(name) + r"-\d+", other))
        found.add(f"{name}-{count}" if count else name)
    return found


def _wrong(document: Path, link: str) -> str | None:
    if _ELSEWHERE.match(link) or link.startswith("//"):
        return None
    path, _, anchor = unquote(link).partition("#")
    target = document if not path else document.parent / path
    if not target.exists():
        return "there is no such file"
    if anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
        return "the file has no such heading"
    return None


def _without_code(text: str) -> str:
    """Code shown to the reader holds no links; its lines stay, so that line numbers hold."""
    return _CODE.sub("", _FENCE.sub(lambda match: "\n" * match.group(0).count("\n"), text))
