"""``python -m tools.house_rules [paths]``: exit code 0 when the house is in order, 1 on a breach, 2 on
misuse.
"""

import argparse
import sys
from pathlib import Path, PurePosixPath

from tools.house_rules.check import check
from tools.house_rules.rules import RULES


def main(arguments: list[str] | None = None) -> int:
    """Run from the root of the project, or name it with ``--root``."""
    parser = argparse.ArgumentParser(prog="python -m tools.house_rules", description="Check the rules of the house.")
    parser.add_argument("paths", nargs="*", help="report on these files or folders only")
    parser.add_argument("--root", type=Path, default=Path.cwd(), help="root of the project (default: here)")
    parser.add_argument("--list", action="store_true", help="say each rule, why, and what to do instead")
    options = parser.parse_args(arguments)
    if options.list:
        for rule in RULES:
            print(f"{rule.name}\n  why: {rule.why}\n  instead: {rule.instead}")
        return 0
    root: Path = options.root.resolve()
    if not (root / "src").is_dir():
        parser.error(f"{root} has no folder src; run this from the root of the project or give --root")
    only = [PurePosixPath(_relative(Path(path), root, parser)) for path in options.paths]
    breaches = check(root, only)
    for breach in breaches:
        print(breach)
    if breaches:
        print(f"{len(breaches)} breach(es) of the rules of the house; --list explains them", file=sys.stderr)
    return 1 if breaches else 0


def _relative(path: Path, root: Path, parser: argparse.ArgumentParser) -> str:
    absolute = path if path.is_absolute() else Path.cwd() / path
    if not absolute.exists():
        parser.error(f"there is no {path}")
    if not absolute.resolve().is_relative_to(root):
        parser.error(f"{path} is not under {root}")
    return absolute.resolve().relative_to(root).as_posix()


if __name__ == "__main__":
    sys.exit(main())
