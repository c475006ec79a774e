"""An excuse needs a rule that exists, a reason, and something to excuse."""

from pathlib import Path

import pytest

from tests.architecture.planting import grow
from tests.architecture.plants import CLEAN
from tools.house_rules.check import check

LOUD = "src/careline/kernel/loud.py"
ALLOW = "# house: " + "allow"


def broken_rules(where: Path, text: str) -> list[tuple[str, int]]:
    return [(one.rule, one.line) for one in check(grow(where, CLEAN | {LOUD: text}))]


@pytest.mark.parametrize(
    "text",
    [
        f"print(1)  {ALLOW} print – the reason is given\n",
        f"{ALLOW} print – the reason is given\nprint(1)\n",
        f"print(1)  {ALLOW} print - a plain hyphen will do\n",
        f"print(1)  {ALLOW} print: a colon will do\n",
    ],
)
def test_an_excuse_with_a_reason_is_accepted(tmp_path: Path, text: str) -> None:
    assert broken_rules(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"print(1)  {ALLOW} print\n", [("excuse", 1), ("print", 1)]),
        (f"print(1)  {ALLOW} print – \n", [("excuse", 1), ("print", 1)]),
        (f"print(1)  {ALLOW} print – because\n", [("excuse", 1)]),
        (f"print(1)  {ALLOW} prints – the name is wrong\n", [("excuse", 1), ("print", 1)]),
        (f"x = 1  {ALLOW} print – there is nothing here\n", [("excuse", 1)]),
        (f"{ALLOW} print – two lines above\n\nprint(1)\n", [("excuse", 1), ("print", 3)]),
        (f"print(1)  {ALLOW} one-clock – another rule\n", [("excuse", 1), ("print", 1)]),
    ],
)
def test_a_bad_excuse_is_a_breach(tmp_path: Path, text: str, expected: list[tuple[str, int]]) -> None:
    assert broken_rules(tmp_path, text) == expected


def test_an_excuse_may_stand_on_any_line_of_a_statement(tmp_path: Path) -> None:
    text = (
        "from sqlalchemy import select\n"
        "from careline.modules.care.cases.models import CaseRow\n"
        "ALL = (\n"
        f"    select(CaseRow.id)  {ALLOW} tenant-filter – counted for all by the system\n"
        "    .order_by(CaseRow.id)\n"
        ")\n"
    )
    path = "src/careline/modules/care/cases/repository.py"

    assert check(grow(tmp_path, CLEAN | {path: text})) == []


def test_an_excuse_in_a_front_end_file_is_accepted(tmp_path: Path) -> None:
    text = "// house: " + "allow ui-text – the name of the product in its own letters\nexport const name = '客线';\n"

    assert check(grow(tmp_path, CLEAN | {"ui/src/app/brand.ts": text})) == []
