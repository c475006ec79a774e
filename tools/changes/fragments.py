"""Fragments: one small file a change, so that two changes never meet in one line of a changelog."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

KINDS = {
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
    "security": "Security",
}
"""Kind of a fragment → heading of its part of the changelog, in the order of the changelog."""

MOST_CHARACTERS = 400
_NAME = re.compile(r"^(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<kind>[a-z]+)\.md$")
_FIRST_LINE = "# Changelog"


class BadFragment(Exception):
    """A fragment cannot be used; the message names the file and the fix."""


@dataclass(frozen=True, order=True)
class Fragment:
    """One change in one sentence or two, as its reader will read it."""

    kind: str
    slug: str
    text: str
    path: Path


def read(folder: Path) -> Iterator[Fragment | BadFragment]:
    """Every fragment of ``changes/`` in order of name; a bad one comes as the error that it is."""
    for path in sorted(folder.iterdir()):
        if path.name != "README.md":
            yield _fragment(path)


def _fragment(path: Path) -> Fragment | BadFragment:
    named = _NAME.match(path.name)
    if named is None:
        return BadFragment(f"{path.name}: name it <what-changed>.<kind>.md, in lower case with hyphens")
    if named["kind"] not in KINDS:
        return BadFragment(f"{path.name}: {named['kind']!r} is no kind; use one of {', '.join(KINDS)}")
    text = " ".join(path.read_text(encoding="utf-8").split())
    if not text:
        return BadFragment(f"{path.name}: it is empty; say what changed for the one who uses it")
    if text.startswith(("#", "-", "*")):
        return BadFragment(f"{path.name}: write plain sentences; the heading and the bullet are added when gathered")
    if not text.endswith((".", "。")):
        return BadFragment(f"{path.name}: end the last sentence with a full stop")
    if len(text) > MOST_CHARACTERS:
        return BadFragment(
            f"{path.name}: {len(text)} characters, and {MOST_CHARACTERS} are allowed; the rest is for docs"
        )
    return Fragment(named["kind"], named["slug"], text, path)


def gathered(changelog: str, version: str, day: date, fragments: list[Fragment]) -> str:
    """The changelog with a new part on top. Refuses a version that is there already, and one without changes."""
    if not fragments:
        raise BadFragment("there is nothing to gather: no fragment in changes/")
    if re.search(rf"^## {re.escape(version)}\b", changelog, re.MULTILINE):
        raise BadFragment(f"the changelog has a part for {version} already")
    part = [f"## {version} – {day.isoformat()}"]
    for kind, heading in KINDS.items():
        own = [one for one in fragments if one.kind == kind]
        if own:
            part.append(f"### {heading}\n\n" + "\n".join(f"- {one.text}" for one in sorted(own)))
    older = changelog.removeprefix(_FIRST_LINE).strip()
    return "\n\n".join([_FIRST_LINE, *part, *([older] if older else [])]) + "\n"
