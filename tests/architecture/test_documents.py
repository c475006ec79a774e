"""Documents keep pace with the tree: links lead somewhere, decisions are listed, rules are named."""

import re
from pathlib import Path

import pytest

from tests.architecture.planting import ROOT
from tools.house_rules.rules import RULES

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("changes/README.md")])
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])
def test_links_lead_to_something_that_is_there(document: Path) -> None:
    links = LINK.findall(re.sub(r"```.*?```", "", document.read_text(encoding="utf-8"), flags=re.DOTALL))

    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_decision_is_listed() -> None:
    index = (ROOT / "docs/adr/README.md").read_text(encoding="utf-8")
    decisions = sorted(path.name for path in (ROOT / "docs/adr").glob("[0-9]*.md"))

    assert decisions
    assert [name for name in decisions if f"]({name})" not in index] == []
    numbers = [name.partition("-")[0] for name in decisions]
    assert len(set(numbers)) == len(numbers)


def test_contributing_names_every_rule() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")

    assert [rule.name for rule in RULES if f"`{rule.name}`" not in text] == []
