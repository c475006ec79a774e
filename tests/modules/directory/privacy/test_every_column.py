"""Every column that can hold words has somebody who answers for it: a custodian, or a reason here."""

from pathlib import Path

from sqlalchemy import JSON, LargeBinary, Text

from careline.bootstrap import build
from careline.modules.directory.privacy.views import Treatment
from careline.tables import METADATA
from tests.modules.directory.privacy.conftest import settings_at

TABLES = {
    "agent": "our own people",
    "agent_skill": "our own people",
    "agent_state": "our own people",
    "audit_entry": "ids and codes only; never changed, and the ids of who was erased name nobody any more",
    "audit_head": "numbers",
    "audit_seal": "hashes of ids and codes",
    "business_calendar": "settings",
    "contact_fact": "figures by contact; a contact is nobody's after an erasure",
    "customer_tag": "the tenant's vocabulary",
    "data_request": "ids, codes and times: the proof of what was done",
    "data_request_step": "counts, codes, and ids of what is still to be discarded",
    "disposition_code": "settings",
    "event_cursor": "names of our own parts",
    "event_log": "ids and codes only (house rule personal-in-event); subjects name nobody after an erasure",
    "event_unfinished": "names of our own parts and classes of errors",
    "external_identity": "our own people",
    "flow": "settings",
    "flow_connection": "settings; the secret is sealed",
    "flow_publication": "settings, and what our own people say of them",
    "flow_run": "the step of a flow, and a language, for a contact",
    "flow_step_slot": "figures by step",
    "flow_version": "settings",
    "invitation": "our own people",
    "job": "ids; payloads of work to be done",
    "journey_step": "the flow's own words, nothing that was said or keyed",
    "org_unit": "settings",
    "password_wait": "ids of lines, agents and visitors, for some minutes",
    "participant": "our own people's roles",
    "phone_number": "our own numbers",
    "post": "settings",
    "quick_reply": "the tenant's own words",
    "rating_fact": "figures by contact",
    "recovery_code": "our own people",
    "role": "settings",
    "role_grant": "our own people",
    "routing_desk": "settings",
    "routing_media_rules": "settings",
    "routing_queue": "settings",
    "routing_reasons": "settings",
    "routing_seat": "our own people",
    "second_factor": "our own people",
    "service_account": "programs",
    "sign_in_policy": "settings",
    "sign_in_throttle": "hashes",
    "skill": "settings",
    "state_order": "what supervisors tell our own people",
    "tenant": "settings",
    "user_account": "our own people",
    "user_session": "our own people",
    "widget_look": "settings",
    "widget_picture": "settings",
    "work_item": "codes of what waits, for a contact",
}
"""Tables in which nothing is a customer's, and why."""

COLUMNS = {
    "call.node", "call.caller_leg", "call.called_number", "call.entry_flow", "call.state",
    "care_case.number", "care_case.type", "care_case.state",
    "care_case_history.kind", "care_case_history.before", "care_case_history.after",
    "contact_rating.channel",
    "interaction.channel", "interaction.state", "interaction.assurance", "interaction.called_number",
    "interaction.ended_by", "interaction.disposition",
    "interaction_segment.kind", "interaction_segment.disposition", "interaction_segment.disposition_path",
    "left_message.queue", "left_message.because", "left_message.consent", "left_message.language",
    "left_message.number",
    "message.author", "message.kind", "message.code",
    "recording.state",
    "transfer.outcome",
}  # fmt: skip
"""Codes and our own numbers, in tables that hold something of customers besides."""


async def test_every_column_of_words_has_somebody_who_answers_for_it(tmp_path: Path) -> None:
    careline = await build(settings_at(tmp_path, ""))
    try:
        kinds = [kind for kinds in careline.privacy.facade.categories().values() for kind in kinds]
    finally:
        await careline.close()
    kept = {column for kind in kinds for column in kind.columns}
    words = {
        f"{table.name}.{column.name}"
        for table in METADATA.sorted_tables
        for column in table.columns
        if isinstance(column.type, Text | JSON | LargeBinary)
    }
    nobodys = {column for column in words - kept - COLUMNS if column.partition(".")[0] not in TABLES}
    assert nobodys == set(), "name a custodian's category for it (or say here why it holds nothing of a customer)"
    assert kept | COLUMNS <= words, "there is no such column any more"
    assert set(TABLES) <= {table.name for table in METADATA.sorted_tables}
    assert {column.partition(".")[0] for column in kept}.isdisjoint(TABLES)
    assert all(isinstance(kind.treatment, Treatment) for kind in kinds)
