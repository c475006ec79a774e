"""Whatever is audited anywhere is in the list of actions, and the auditor reads it in both languages."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from careline.modules.contact.supervision.views import Presence
from careline.modules.directory.customers.engine.service_passwords import FormPurpose
from careline.modules.directory.identity.engine.actions import ACTIONS, KINDS, Outcome

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "ui" / "src" / "features" / "identity" / "audit" / "locale"
WRITERS = frozenset({"audit", "audit_read", "record", "_audit", "_tell", "_telling", "_write"})
ACTION = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")


def told(tree: ast.AST) -> Iterator[str]:
    """The actions in calls of what writes entries, and in what is called ``action``."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Call) and getattr(node.func, "attr", None) in WRITERS:
            parts = list(node.args)
        elif isinstance(node, ast.Assign) and any(getattr(one, "id", None) == "action" for one in node.targets):
            parts = [node.value]
        for part in parts:
            for one in ast.walk(part):
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and ACTION.fullmatch(one.value):
                    yield one.value


def test_every_action_is_listed_and_none_is_listed_that_nobody_writes() -> None:
    written = {"audit.exported", "audit.export-taken"}
    for file in (ROOT / "src" / "careline" / "modules").rglob("*.py"):
        if "live" not in file.parts:  # there it is told to screens
            written |= set(told(ast.parse(file.read_text(encoding="utf-8"))))
    written |= {f"chat.{one.value}" for one in Presence}
    written |= {f"service-password.asked-to-{one.value}" for one in FormPurpose}
    assert len(written) > 80
    assert written == set(ACTIONS)


def test_the_auditor_reads_every_action_kind_and_outcome_in_both_languages() -> None:
    wanted = {f"action.{one}" for one in ACTIONS} | {f"kind.{one}" for one in KINDS}
    wanted |= {f"outcome.{one.value}" for one in Outcome}
    for language in ("zh-CN", "en"):
        words = json.loads((CATALOGUES / f"{language}.json").read_text(encoding="utf-8"))
        assert wanted - words.keys() == set()
        listed = {word for word in words if word.startswith(("action.", "kind."))}
        assert listed - wanted == set()
