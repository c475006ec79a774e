"""What the audit tells of: every action with the kind of thing that it was done to, and how it ended.

An entry itself holds neither: both follow from its action, so that what is sealed stays as small as it is.
"""

import enum

import msgspec


class Outcome(enum.StrEnum):
    """How what was tried ended: it was done, it was not allowed, or it did not work."""

    ALLOWED = "allowed"
    DENIED = "denied"
    FAILED = "failed"


class ActionView(msgspec.Struct, frozen=True, kw_only=True):
    """An action. ``kind`` says what the subject of its entries is."""

    action: str
    kind: str
    outcome: Outcome


_BY_KIND: dict[str, tuple[str, ...]] = {
    "access": ("access.denied",),
    "audit": ("audit.exported", "audit.export-taken", "audit.read", "audit.verified"),
    "calendar": ("calendar.changed", "calendar.created"),
    "case": (
        "case.assigned",
        "case.commented",
        "case.opened",
        "case.sealed-opened",
        "case.state-changed",
        "left-message.revealed",
    ),
    "contact": (
        "chat.joined",
        "chat.left",
        "chat.listening",
        "chat.taken-over",
        "chat.whispering",
        "contact.file-opened",
        "contact.moved",
        "contact.read",
    ),
    "customer": (
        "assurance.code-not-sent",
        "assurance.code-sent",
        "assurance.failed",
        "assurance.tried",
        "customer.changed",
        "customer.consent-given",
        "customer.consent-withdrawn",
        "customer.contact-point-added",
        "customer.contact-point-removed",
        "customer.found",
        "customer.line-user-added",
        "customer.line-user-removed",
        "customer.merged",
        "customer.note-changed",
        "customer.note-written",
        "customer.pair-dismissed",
        "customer.pair-restored",
        "customer.record-opened",
        "customer.registered",
        "customer.revealed",
        "service-password.asked-to-choose",
        "service-password.asked-to-enter",
        "service-password.removed",
        "service-password.set",
        "service-password.withdrawn",
    ),
    "customer-tag": ("customer.tag-added", "customer.tag-restored", "customer.tag-retired"),
    "data-request": (
        "data-request.applied-again",
        "data-request.approved",
        "data-request.asked",
        "data-request.copy-made",
        "data-request.copy-refused",
        "data-request.copy-taken",
        "data-request.erased",
        "data-request.refused",
    ),
    "desk": ("desk.changed", "desk.created", "desk.removed"),
    "disposition": (
        "disposition.added",
        "disposition.changed",
        "disposition.ordered",
        "disposition.restored",
        "disposition.retired",
    ),
    "flow": (
        "flow.created",
        "flow.draft-saved",
        "flow.published",
        "flow.connection-made",
        "flow.connection-changed",
        "flow.connection-removed",
        "flow.let-through",
    ),
    "number": ("number.changed", "number.created", "number.removed"),
    "org-unit": ("org-unit.closed", "org-unit.created", "org-unit.moved", "org-unit.renamed"),
    "post": ("post.changed", "post.created", "post.removed"),
    "queue": ("queue.changed", "queue.created"),
    "quick-reply": ("quick-reply.added", "quick-reply.changed"),
    "recording": ("recording.listened",),
    "role": ("role.changed", "role.created", "role.removed", "role.renewed"),
    "service-account": ("service-account.approved", "service-account.created", "service-account.revoked"),
    "settings": (
        "data-request.list-mended",
        "data-request.rules-set",
        "media-rules.changed",
        "not-ready-reasons.changed",
        "sign-in-policy.changed",
    ),
    "skill": ("skill.changed", "skill.created", "skill.removed"),
    "tenant": ("tenant.founded",),
    "user": (
        "agent.appointed",
        "agent.changed",
        "agent.signed-out",
        "agent.state-set",
        "invitation.accepted",
        "invitation.issued",
        "roles.granted",
        "second-factor.codes-renewed",
        "second-factor.enrolled",
        "second-factor.recovery-code-used",
        "second-factor.reset",
        "second-factor.turned-off",
        "session.ended",
        "session.opened",
        "session.refused",
        "user.bound",
        "user.changed",
        "user.created",
        "user.unbound",
    ),
    "widget": ("widget.picture-added", "widget.published", "widget.rolled-back"),
}

_NOT_DONE = {
    "access.denied": Outcome.DENIED,
    "data-request.copy-refused": Outcome.DENIED,
    "session.refused": Outcome.DENIED,
    "assurance.code-not-sent": Outcome.FAILED,
    "assurance.failed": Outcome.FAILED,
}

ACTIONS: dict[str, ActionView] = {
    action: ActionView(action=action, kind=kind, outcome=_NOT_DONE.get(action, Outcome.ALLOWED))
    for kind, actions in _BY_KIND.items()
    for action in actions
}
"""By name. The trail of an older or newer version may hold others: they have no kind, and count as done."""

KINDS = tuple(_BY_KIND)
"""Of things that something may be done to."""


def outcome_of(action: str) -> Outcome:
    """How an action ended."""
    known = ACTIONS.get(action)
    return Outcome.ALLOWED if known is None else known.outcome


def kind_of(action: str) -> str | None:
    """What the subject of an action is; None for an action that this version does not know."""
    known = ACTIONS.get(action)
    return None if known is None else known.kind


def actions_of(kind: str | None, outcome: Outcome | None) -> tuple[bool, frozenset[str]] | None:
    """Which actions pass: these (True), or all but these (False); None where all do."""
    if kind is None and outcome is None:
        return None
    if kind is None and outcome is Outcome.ALLOWED:
        return False, frozenset(_NOT_DONE)
    passing = (one for one in ACTIONS.values() if kind in (None, one.kind) and outcome in (None, one.outcome))
    return True, frozenset(one.action for one in passing)
