"""Where an interaction can go from where it is, and who of us is in a conversation as what."""

import enum


class InteractionState(enum.StrEnum):
    """Where an interaction is. ``flow``: a machine speaks with the customer; ``queued`` includes being offered."""

    FLOW = "flow"
    QUEUED = "queued"
    TALKING = "talking"
    AFTER_CONTACT_WORK = "after_contact_work"
    CLOSED = "closed"


_S = InteractionState

TRANSITIONS: dict[InteractionState, frozenset[InteractionState]] = {
    _S.FLOW: frozenset({_S.QUEUED, _S.CLOSED}),
    # Back to the flow when nobody is there or the queue is full; to itself when the queue is changed.
    _S.QUEUED: frozenset({_S.FLOW, _S.QUEUED, _S.TALKING, _S.CLOSED}),
    # To the queue when the agent of a chat has gone, or that of a call is lost and the flow hears it before we do.
    _S.TALKING: frozenset({_S.QUEUED, _S.AFTER_CONTACT_WORK}),
    # To the queue when the agent's phone broke and the caller, who is still there, waits for another one.
    _S.AFTER_CONTACT_WORK: frozenset({_S.QUEUED, _S.CLOSED}),
    _S.CLOSED: frozenset(),
}

LIVE = frozenset({_S.FLOW, _S.QUEUED, _S.TALKING})
"""The customer is being served or waits for it."""


def may_go(state: InteractionState, to: InteractionState) -> bool:
    """Whether the table allows this step."""
    return to in TRANSITIONS[state]


def after_contact(state: InteractionState) -> InteractionState:
    """Where the end of the customer's side leads: who talked with an agent leaves them after-contact work."""
    if state is _S.TALKING or state is _S.AFTER_CONTACT_WORK:
        return _S.AFTER_CONTACT_WORK
    return _S.CLOSED


class ParticipantRole(enum.StrEnum):
    """What somebody of ours is in a conversation. The first is its agent; there is one at most.

    ``consultant``: asked by the agent, unseen by the customer. ``colleague``: serves the customer beside the agent.
    The three of a supervisor: hears, hears and whispers to the agent, serves the customer as well.
    """

    AGENT = "agent"
    CONSULTANT = "consultant"
    COLLEAGUE = "colleague"
    SUPERVISOR_LISTENING = "supervisor_listening"
    SUPERVISOR_WHISPERING = "supervisor_whispering"
    SUPERVISOR_JOINED = "supervisor_joined"


SPEAKING = frozenset({ParticipantRole.AGENT, ParticipantRole.COLLEAGUE, ParticipantRole.SUPERVISOR_JOINED})
"""They speak to the customer, who is told that they are there. All others the customer never hears of."""

WRITING_NOTES = frozenset(ParticipantRole) - {ParticipantRole.SUPERVISOR_LISTENING}
"""They write what only colleagues read."""

UNSEEN_BY_AGENT = frozenset({ParticipantRole.SUPERVISOR_LISTENING})
"""Not shown to the agents of the conversation: who is listened to is told by the house rules, not by the screen."""

COMING = frozenset(ParticipantRole) - {ParticipantRole.AGENT}
"""The roles that somebody takes and lays down; the agent is the one to whom routing gave the contact."""


def speaks(role: ParticipantRole | None) -> bool:
    """Whether somebody in this role, or in none, may say something to the customer."""
    return role in SPEAKING


class TransferOutcome(enum.StrEnum):
    """How a transfer ended: an agent took it, its sender took it back, or the customer left."""

    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"
    LEFT = "left"
