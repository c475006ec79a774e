"""Runs every rule over a tree."""

from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from tools.house_rules.excuses import apply_excuses
from tools.house_rules.rule import Breach, Rule
from tools.house_rules.rules import RULES
from tools.house_rules.source import SourceFile, SourceTree, read_tree


def check(root: Path, only: Sequence[PurePosixPath] = (), rules: Sequence[Rule] = RULES) -> list[Breach]:
    """Every breach under ``root``, in order of file and line.

    ``only`` limits what is reported to these paths; the whole tree is read all the same, since some rules
    need to know the models. A file that does not parse is a breach by itself, and no rule looks at it.
    """
    whole = read_tree(root)
    unreadable = [breach for file in whole.python if (breach := _unreadable(file)) is not None]
    lost = {breach.path for breach in unreadable}
    tree = SourceTree(root, [file for file in whole.files if file.path not in lost])
    found = [breach for rule in rules for breach in rule.check(tree)]
    kept = sorted(unreadable + apply_excuses(tree, found, {rule.name for rule in RULES}))
    if not only:
        return kept
    return [breach for breach in kept if any(breach.path.is_relative_to(path) for path in only)]


def _unreadable(file: SourceFile) -> Breach | None:
    try:
        file.tree  # noqa: B018 - parsing is the question
    except SyntaxError as error:
        return Breach(file.path, error.lineno or 1, "syntax", f"does not parse: {error.msg}", "mend the syntax")
    return None
