"""``python -m tools.docs``: exit code 1 when a link in the documents leads nowhere."""

import sys
from pathlib import Path

from tools.docs.links import broken_links

ROOT = Path(__file__).parents[2]


def main(root: Path) -> int:
    documents = [*sorted(root.glob("*.md")), *sorted((root / "docs").rglob("*.md"))]
    broken = list(broken_links(root, documents))
    for line in broken:
        print(line, file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(ROOT))
