"""Every import contract fails on a breach planted in a small tree, and names the import that breaks it."""

import tomllib
from pathlib import Path

import pytest

from tests.architecture.planting import ROOT, grow, lint_imports

OUTSIDE = ("kernel", "infra", "adapters", "bootstrap", "tables", "entrypoints", "plugins")

# One file a line, ``file > what it imports``: names under careline.modules, or under careline when they begin
# with one of OUTSIDE; ``=name`` is a library. The tree uses every allowed way at least once.
CLEAN = """
kernel.ids > =uuid
infra.database > kernel.ids
directory.identity.views > kernel.ids
directory.identity.facade > directory.identity.views
directory.identity.repository >
contact.telephony.views >
contact.telephony.events > contact.telephony.views
contact.telephony.ports > contact.telephony.views
core.routing.engine.plan > =dataclasses kernel.ids
core.routing.views >
core.routing.service > core.routing.engine.plan
care.cases.errors > kernel.ids
care.cases.states > =msgspec care.cases.errors
care.cases.views > care.cases.states
care.cases.models > =sqlalchemy
care.cases.repository > infra.database care.cases.models care.cases.views
care.cases.service > care.cases.repository directory.identity.facade
care.cases.facade > care.cases.service
care.cases.endpoints > care.cases.service
care.cases.subscribers > care.cases.service contact.telephony.events
care.cases.wiring > care.cases.endpoints care.cases.subscribers
adapters.asterisk.engine > contact.telephony.events contact.telephony.ports contact.telephony.views
adapters.speech.voice > infra.database
adapters.channels.email >
adapters.channels.webchat >
tables > care.cases.models
bootstrap > tables adapters.asterisk.engine care.cases.facade care.cases.wiring contact.telephony.ports
entrypoints.web > bootstrap care.cases.facade
"""

# (contract id, planted lines, the name that the output must point at); a planted file replaces the clean one.
BREACHES = [
    ("house", "kernel.money > infra.database", "careline.kernel.money"),
    ("house", "infra.bus > care.cases.facade", "careline.infra.bus"),
    ("house", "care.cases.tasks > adapters.asterisk.engine", "care.cases.tasks"),
    ("house", "adapters.llm.chat > bootstrap", "careline.adapters.llm.chat"),
    ("house", "bootstrap > entrypoints.web", "careline.bootstrap"),
    ("house", "care.cases.models > tables", "careline.modules.care.cases.models"),
    ("house", "plugins.extra >", "careline.plugins"),
    ("domains", "contact.telephony.service > care.cases.facade", "contact.telephony.service"),
    ("domains", "directory.identity.service > core.routing.views", "directory.identity.service"),
    ("domains", "hall.tickets.views >\nnetwork.coverage.views > hall.tickets.views", "network.coverage"),
    ("domains", "billing.invoices.views >", "careline.modules.billing"),
    (
        "insight",
        "insight.history.views >\ninsight.analytics.views > insight.history.views",
        "insight.analytics",
    ),
    ("insight", "insight.reports.views >", "careline.modules.insight.reports"),
    ("improve", "improve.quality.views >\nimprove.workforce.views > improve.quality.views", "workforce"),
    ("outreach", "outreach.campaigns.views >\noutreach.surveys.views > outreach.campaigns.views", "surveys"),
    ("care", "care.orders.service > care.cases.facade", "care.orders.service"),
    (
        "contact",
        "contact.flows.views >\ncontact.conversations.service > contact.flows.views",
        "conversations",
    ),
    ("core", "core.knowledge.service > core.routing.views", "core.knowledge.service"),
    ("directory", "directory.people.events >\ndirectory.identity.live > directory.people.events", "identity"),
    ("anatomy", "care.cases.repository > care.cases.service", "care.cases.repository"),
    ("anatomy", "care.cases.views > care.cases.models", "care.cases.views"),
    ("anatomy", "care.cases.service > care.cases.facade", "care.cases.service"),
    ("anatomy", "care.cases.service > care.cases.wiring", "care.cases.service"),
    ("anatomy", "care.cases.live > care.cases.endpoints", "care.cases.live"),
    ("anatomy", "care.cases.toolbox >", "careline.modules.care.cases.toolbox"),
    ("doors", "care.cases.tasks > directory.identity.repository", "identity.repository"),
    ("doors", "care.cases.tasks > directory.identity", "names the package"),
    ("doors", "care.cases.tasks > directory", "names the package"),
    ("doors", "care.cases.tasks > contact.telephony.ports", "contact.telephony.ports"),
    ("doors", "adapters.bss.client > care.cases.service", "careline.adapters.bss.client"),
    ("doors", "adapters.bss.client > care.cases.facade", "careline.adapters.bss.client"),
    ("doors", "bootstrap > care.cases.endpoints", "careline.bootstrap"),
    ("doors", "tables > care.cases.repository", "careline.tables"),
    ("doors", "entrypoints.web > care.cases.wiring", "careline.entrypoints.web"),
    ("pure-logic", "care.cases.rules > infra.database", "care.cases.rules"),
    ("pure-logic", "care.cases.rules > directory.identity.views", "care.cases.rules"),
    ("pure-logic", "care.cases.states > =asyncio", "care.cases.states"),
    ("routing-engine", "core.routing.engine.match > =msgspec", "routing.engine.match"),
    ("routing-engine", "core.routing.engine.match > =random", "routing.engine.match"),
    ("adapters-apart", "adapters.speech.voice > adapters.asterisk.engine", "adapters.speech.voice"),
    ("channels-apart", "adapters.channels.email > adapters.channels.webchat", "channels.email"),
    (
        "no-circles",
        "care.cases.services.open > care.cases.services.close\ncare.cases.services.close > care.cases.services.open",
        "careline.modules.care.cases.services",
    ),
]


def full_name(short: str) -> str:
    if short.startswith("="):
        return short[1:]
    return f"careline.{short}" if short.split(".")[0] in OUTSIDE else f"careline.modules.{short}"


def written_out(lines: str) -> dict[str, str]:
    """The lines as files: path below the tree → source text."""
    files = {}
    for line in lines.strip().splitlines():
        importer, _, imported = line.partition(">")
        path = f"src/{full_name(importer.strip()).replace('.', '/')}.py"
        files[path] = "".join(f"import {full_name(name)}\n" for name in imported.split())
    return files


def contract_names() -> dict[str, str]:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract["name"] for contract in config["tool"]["importlinter"]["contracts"]}


def test_a_clean_tree_keeps_every_contract(tmp_path: Path) -> None:
    run = lint_imports(grow(tmp_path, written_out(CLEAN)))

    assert run.exit_code == 0, run.output
    assert f"{len(contract_names())} kept, 0 broken" in run.output


def test_every_contract_has_a_planted_breach() -> None:
    assert {contract for contract, _, _ in BREACHES} == set(contract_names())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contract", "planted", "named"), BREACHES, ids=[f"{one[0]}-{number}" for number, one in enumerate(BREACHES)]
)
def test_a_planted_breach_breaks_its_contract(tmp_path: Path, contract: str, planted: str, named: str) -> None:
    run = lint_imports(grow(tmp_path, written_out(CLEAN) | written_out(planted)))

    assert run.exit_code == 1, run.output
    assert contract_names()[contract] in run.broken, run.output
    assert named in run.output.partition("Broken contracts")[2]
