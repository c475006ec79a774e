"""``python -m tools.docs``: exit code 1 when what a document leads to or names is not there, or a decision unclear."""

import sys
from pathlib import Path

from tools.docs.decisions import unclear_decisions
from tools.docs.links import broken_links
from tools.docs.proofs import missing_proofs

ROOT = Path(__file__).parents[2]


def main(root: Path) -> int:
    documents = [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]
    wrong = [*broken_links(root, documents), *missing_proofs(root, documents), *unclear_decisions(root / "docs/adr")]
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(ROOT))
