"""The table of a case's states."""

from careline.modules.care.cases.states import TRANSITIONS, CaseState, may_become


def test_every_state_has_its_steps() -> None:
    assert set(TRANSITIONS) == set(CaseState)


def test_no_state_leads_to_itself() -> None:
    assert [state for state in CaseState if state in may_become(state)] == []


def test_a_case_can_be_closed_and_taken_up_again_from_anywhere() -> None:
    for wanted in (CaseState.CLOSED, CaseState.IN_PROGRESS):
        for start in CaseState:
            seen = {start}
            while new := {step for state in seen for step in may_become(state)} - seen:
                seen |= new
            assert wanted in seen, f"{wanted} cannot be reached from {start}"


def test_nothing_is_closed_that_was_not_resolved() -> None:
    assert [state for state in CaseState if CaseState.CLOSED in may_become(state)] == [CaseState.RESOLVED]
