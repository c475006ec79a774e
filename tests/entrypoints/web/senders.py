"""Loaded by schemathesis: who sends each of the requests that it makes up, and what came of it.

The environment names two files: who the senders are, and where each answer is noted as one line of JSON.
"""

import json
import os
import re
import time
from collections import Counter
from pathlib import Path
from typing import Any

import requests
import schemathesis
from schemathesis import Case, HookContext, Response
from schemathesis.core.failures import Failure
from schemathesis.generation.meta import CoveragePhaseData, CoverageScenario

SENDERS: dict[str, dict[str, str]] = json.loads(Path(os.environ["SENDERS"]).read_text(encoding="utf-8"))
NOTED = Path(os.environ["NOTED"])

TURNS = ("all", "all", "agent", "visitor", "all", "nobody")
"""Who sends the requests of an operation, one after another; the first one is that which is right."""

CLIENTS_FAULT, CHANGED, NOT_NOW = 400, 409, 503
TRIES, BETWEEN_TRIES_S, TIMEOUT_S = 300, 0.2, 60.0
WHO = "X-Sent-By"
"""A header that the server does not know."""

ENDS_ITSELF = {
    "DELETE /api/v1/session": "spare",
    "DELETE /api/v1/sessions": "agent",
    "POST /api/v1/session": "nobody",
}
"""What would end the session of whoever may everything → who sends it instead."""

_VERSION = re.compile(r"(?<=[?&]version=)[^&]*")

_sent: Counter[str] = Counter()
_wrong: set[tuple[str, ...]] = set()


@schemathesis.hook
def filter_case(context: HookContext, case: Case[Any]) -> bool:
    """What is wrong in one way at one place is sent once: text, a list and no value are not all tried for a number."""
    meta = case.meta
    if meta is None or meta.generation.mode.is_positive or not isinstance(meta.phase.data, CoveragePhaseData):
        return True
    what = meta.phase.data
    wrong: tuple[str, ...] = (case.operation.label, what.scenario.value)
    if what.scenario is not CoverageScenario.UNSPECIFIED_HTTP_METHOD:
        wrong = (*wrong, what.location or "", what.parameter or "")
    if wrong in _wrong:
        return False
    _wrong.add(wrong)
    return True


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Give it a sender."""
    label = case.operation.label
    who = TURNS[_sent[label] % len(TURNS)]
    _sent[label] += 1
    for name in ("Cookie", "X-CSRF-Token", "Authorization"):
        case.headers.pop(name, None)
    case.headers.update(SENDERS[ENDS_ITSELF.get(label, who) if who == "all" else who])
    case.headers[WHO] = who


@schemathesis.hook
def filter_failure(context: HookContext, failure: Failure, case: Case[Any], response: Response) -> bool:
    """A server that has too much to do, and says when to come again, has not failed."""
    return not _turned_away(response)


@schemathesis.hook
def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
    """Note the answer, to the last of the tries that people would make too."""
    status, told = response.status_code, _problem(response).get("params", {}).get("version")
    if status == CHANGED and told is not None:
        status = _tried_with(told, case, response.request)
    elif _turned_away(response):
        status = _tried_until_it_is_time(response.request)
    with NOTED.open("a", encoding="utf-8") as file:
        file.write(json.dumps([case.headers[WHO], case.operation.label, status]) + "\n")


def _turned_away(response: Response) -> bool:
    return response.status_code == NOT_NOW and _problem(response).get("code") == "overloaded"


def _problem(response: Response) -> dict[str, Any]:
    """What a refusal says of itself; nothing when it is none, or does not say it as it should."""
    is_json = "json" in response.headers.get("content-type", [""])[0]
    found = json.loads(response.content) if response.status_code >= CLIENTS_FAULT and is_json else {}
    return found if isinstance(found, dict) else {}


def _tried_with(version: int, case: Case[Any], before: requests.PreparedRequest) -> int:
    """The answer to whoever was told the version that a thing has by now."""
    again = before.copy()
    again.url = _VERSION.sub(str(version), again.url or "")
    if isinstance(case.body, dict):
        again.headers.pop("Content-Length", None)
        again.prepare_body(None, None, json={**case.body, "version": version})
    with requests.Session() as session:
        return session.send(again, timeout=TIMEOUT_S).status_code


def _tried_until_it_is_time(before: requests.PreparedRequest) -> int:
    """The answer to a newcomer who was turned away, as they are for a while on a machine that is busy."""
    with requests.Session() as session:
        for _ in range(TRIES):
            time.sleep(BETWEEN_TRIES_S)
            answer = session.send(before, timeout=TIMEOUT_S)
            if answer.status_code != NOT_NOW:
                break
    return answer.status_code
