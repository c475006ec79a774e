"""Whatever an entry of the audit tells besides who, what and to what, the auditor reads as words in both languages."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec
import pytest

from careline.modules.care.cases.states import CaseState
from careline.modules.care.cases.views import CaseType, SealedReason
from careline.modules.care.letterbox.views import ReachKind
from careline.modules.contact.supervision.views import MoveReason
from careline.modules.core.routing.engine.capacity import Medium
from careline.modules.core.routing.rules import USUAL_REASONS, QueueRules
from careline.modules.core.routing.views import Chosen, QueueSettings
from careline.modules.directory.customers.engine.proofs import Proof
from careline.modules.directory.customers.rules import Assurance, ConsentBasis, ConsentPurpose, ContactKind
from careline.modules.directory.customers.services.customers import REVEALABLE
from careline.modules.directory.customers.views import Level, MergeSource
from careline.modules.directory.identity.engine.pending import FactorNeed
from careline.modules.directory.identity.services.denials import ANY
from careline.modules.directory.identity.services.factors import REFUSALS
from careline.modules.directory.identity.views import AuditFilter, UserChange
from careline.modules.directory.privacy.views import Refusal, RequestKind, RulesView
from tests.architecture.test_audit_actions import CATALOGUES, ROOT, WRITERS

DETAILS = frozenset({"told", "params", "detail"})
"""What a dictionary of details is called where it is not written into the call."""

ELSEWHERE = frozenset({"form", "opens_at", "because", "reach", "is_open", "retired"})
"""In what looks the same and goes elsewhere: to the page of a customer, or into a table."""


def fields(*structs: type[msgspec.Struct]) -> set[str]:
    return {name for struct in structs for name in struct.__struct_fields__}


def trees() -> Iterator[ast.Module]:
    for file in (ROOT / "src" / "careline").rglob("*.py"):
        if "live" not in file.parts:
            yield ast.parse(file.read_text(encoding="utf-8"))


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of what has one of these names, wherever it is from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if (called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)) in names:
                yield node


def keys(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in chain.from_iterable(map(ast.walk, nodes)):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))


def details() -> set[str]:
    """The names of the details that entries are written with."""
    found = set(fields(AuditFilter) | fields(RulesView) - {"version"})
    for tree in trees():
        writing = list(calls(tree, *WRITERS))
        if writing:
            found |= set(keys(arg for call in writing for arg in call.args))
            found |= {word.arg for call in calls(tree, "_tell", "_telling") for word in call.keywords if word.arg}
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
                    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                    if getattr(target, "id", None) in DETAILS:
                        found |= set(keys([node.value]))
    return found


def refusals() -> set[str]:
    """The codes of what is refused to somebody who is signed in, which the audit tells as reasons."""
    found = {
        call.args[0].value
        for tree in trees()
        for call in calls(tree, "Forbidden")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    pending = (ROOT / "src/careline/modules/directory/identity/engine/pending.py").read_text(encoding="utf-8")
    return {str(one) for one in found} | REFUSALS | set(re.findall(r'return "([a-z-]+)"', pending)) | {ANY}


def causes() -> set[str]:
    """Why sessions ended, and why codes were not sent."""
    found = {"permanent", "transient"}
    for tree in trees():
        for call in calls(tree, "end_all", "end_sessions", "tell_ended"):
            found |= {one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


def changed_fields() -> set[str]:
    """What is told to have changed of users, customers, quick replies and queues."""
    of_user = fields(UserChange) - {"password"} | {"password_hash"}
    of_queue = fields(QueueSettings, QueueRules) - {"code", "rules", "version", "id"}
    return of_user | of_queue | {"level", "language", "name", "tags", "group", "title", "text", "retired"}


CODED: dict[str, set[str]] = {
    "reason": refusals() | set(MoveReason) | {one.code for one in USUAL_REASONS},
    "cause": causes(),
    "fields": changed_fields(),
    "proof": set(Proof),
    "assurance": set(Assurance),
    "basis": set(ConsentBasis),
    "purpose": set(ConsentPurpose),
    "type": set(CaseType),
    "kind": set(RequestKind) | set(ReachKind) | set(ContactKind),
    "state": set(CaseState),
    "chosen": set(Chosen),
    "name_of": set(MergeSource),
    "level": set(Level),
    "why": set(Refusal) | set(SealedReason),
    "what": set(REVEALABLE),
    "second_factor": set(FactorNeed),
    "media": set(Medium),
    "for": {"merge", "notes", "consents"},
    "yes_no": {"true", "false"},
}
"""Under which name the words of values stand → every value there can be."""

WORDED_ELSEWHERE = {"before", "after", "action", "outcome", "permission", "permissions", "roles"}
WORDED_ELSEWHERE |= {"message_interrupted_by", "call_beside_chats", "front", "passed", "copies_decided"}
WORDED_ELSEWHERE |= {"let_through", "let_through_before", "secret"}
PLAIN = {
    *("absorbed", "added", "actor", "asked_by", "assignee", "bytes", "code", "codes", "complaint_days", "consent"),
    *(
        "connection",
        "conversation",
        "copies_a_day",
        "customer",
        "doubtful",
        "due_days",
        "entries",
        "entry",
        "erased",
        "expires_at",
    ),
    *("file", "flow", "format", "from", "good", "id", "interaction", "issuer", "kept", "lines", "max"),
    *("message_beside_after_s", "note", "number", "order", "org_unit", "other", "parent", "party", "people"),
    *("people_to", "queue", "recording_days", "reference", "session", "sha256", "since", "size", "subject"),
    *("subscription", "supervisor", "times", "to", "until", "version"),
}
"""Details whose values are ids, numbers, moments or names."""


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((CATALOGUES / f"{language}.json").read_text(encoding="utf-8"))
    return found


def test_every_detail_is_known_to_have_codes_or_none() -> None:
    written = details()
    assert len(written) > 50
    known = CODED.keys() - {"state", "media", "yes_no"} | WORDED_ELSEWHERE | PLAIN
    assert written - known - ELSEWHERE == set()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_detail_and_every_code_has_words(language: str) -> None:
    there = words(language)
    named = {f"param.{name}" for name in details() - ELSEWHERE}
    assert named - there.keys() == set()
    wanted = {f"value.{name}.{value}" for name, values in CODED.items() for value in values}
    assert wanted - there.keys() == set()
    assert {word for word in there if word.startswith("value.")} - wanted == set()
