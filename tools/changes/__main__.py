"""``python -m tools.changes check`` and ``python -m tools.changes collect <version>``."""

import argparse
import sys
from datetime import date
from pathlib import Path

from tools.changes.fragments import BadFragment, Fragment, gathered, read


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when all is well, 1 when a fragment is bad or there is nothing to gather."""
    parser = argparse.ArgumentParser(prog="python -m tools.changes", description="Changelog fragments.")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="root of the project (default: here)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="check every fragment")
    collect = commands.add_parser("collect", help="move the fragments into CHANGELOG.md")
    collect.add_argument("version", help="the version that they belong to, such as 0.2.0")
    collect.add_argument("--date", type=date.fromisoformat, required=True, help="day of the release, YYYY-MM-DD")
    options = parser.parse_args(arguments)
    found = list(read(options.root / "changes"))
    bad = [one for one in found if isinstance(one, BadFragment)]
    for error in bad:
        print(f"changes/{error}", file=sys.stderr)
    if bad:
        return 1
    fragments = [one for one in found if isinstance(one, Fragment)]
    return 0 if options.command == "check" else _collect(options.root, options.version, options.date, fragments)


def _collect(root: Path, version: str, day: date, fragments: list[Fragment]) -> int:
    changelog = root / "CHANGELOG.md"
    older = changelog.read_text(encoding="utf-8") if changelog.exists() else ""
    try:
        text = gathered(older, version, day, fragments)
    except BadFragment as error:
        print(error, file=sys.stderr)
        return 1
    changelog.write_text(text, encoding="utf-8")
    for fragment in fragments:
        fragment.path.unlink()
    print(f"{len(fragments)} change(s) gathered into CHANGELOG.md under {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
