"""Every house rule fails on each breach planted in a small tree, at its line, and stays silent on a clean one."""

from pathlib import Path, PurePosixPath

import pytest

from tests.architecture.planting import grow
from tests.architecture.plants import BREACHES, CLEAN
from tools.house_rules.check import check
from tools.house_rules.rules import RULES


def test_a_clean_tree_has_no_breach(tmp_path: Path) -> None:
    assert [str(breach) for breach in check(grow(tmp_path, CLEAN))] == []


def test_every_rule_has_a_planted_breach() -> None:
    assert {rule for rule, _, _ in BREACHES} == {rule.name for rule in RULES}


def test_every_rule_says_why_and_what_to_do_instead() -> None:
    for rule in RULES:
        assert len(rule.why.split()) >= 8, rule.name
        assert len(rule.instead.split()) >= 4, rule.name


@pytest.mark.parametrize(
    ("rule", "path", "text"), BREACHES, ids=[f"{rule}-{number}" for number, (rule, _, _) in enumerate(BREACHES)]
)
def test_a_planted_breach_is_found(tmp_path: Path, rule: str, path: str, text: str) -> None:
    grow(tmp_path, CLEAN | {path: text})

    found = check(tmp_path)

    lines = [number for number, line in enumerate(text.splitlines(), start=1) if "BREACH" in line] or [1]
    assert [(str(one.path), one.rule, one.line) for one in found] == [(path, rule, line) for line in lines]


def test_a_breach_can_be_reported_for_some_paths_only(tmp_path: Path) -> None:
    grow(tmp_path, CLEAN | {"src/careline/infra/loud.py": "print(1)\n", "src/careline/kernel/loud.py": "print(1)\n"})

    assert [str(one.path) for one in check(tmp_path, [PurePosixPath("src/careline/kernel")])] == [
        "src/careline/kernel/loud.py"
    ]


def test_a_file_that_does_not_parse_is_a_breach(tmp_path: Path) -> None:
    grow(tmp_path, CLEAN | {"src/careline/kernel/broken.py": "x = 1\ndef (:\n"})

    assert [(one.rule, one.line) for one in check(tmp_path)] == [("syntax", 2)]
