"""Finding tests that a document names as its proof, and that are not there."""

import re
from collections.abc import Iterator
from pathlib import Path

_NAMED = re.compile(r"`(tests/[\w/.-]+|test_\w+(?:\.py)?)`")
_TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def missing_proofs(root: Path, documents: list[Path]) -> Iterator[str]:
    """One line for each test or file of tests that is named and not there: ``docs/a.md:12: test_b – reason``."""
    files = sorted((root / "tests").rglob("*.py"))
    known = {name for file in files for name in _TEST.findall(file.read_text(encoding="utf-8"))}
    known |= {file.name for file in files}
    for document in documents:
        text = document.read_text(encoding="utf-8")
        for match in _NAMED.finditer(text):
            name = match.group(1)
            if name not in known and not (name.startswith("tests/") and (root / name).exists()):
                line = text.count("\n", 0, match.start()) + 1
                yield f"{document.relative_to(root)}:{line}: {name} – there is no such test"
