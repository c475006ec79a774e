"""Why an item went to an agent: the facts of the decision, and the reasons a person reads.

A reason is a stable kebab-case code with parameters; the UI holds the sentence in every language. Seconds are
whole and rounded down.
"""

from uuid import UUID

from careline.kernel.records import Record

Param = str | int | bool


class Reason(Record, frozen=True):
    """One readable reason: translation key and what fills it."""

    code: str
    params: dict[str, Param]


class SkillMatch(Record, frozen=True, array_like=True):
    """A skill that was asked for: the level the agent has, and whether no agent of the queue signed in has
    more.
    """

    skill: str
    level: int
    highest: bool


class Why(Record, frozen=True, array_like=True):
    """The facts of one assignment, as they were when it was decided.

    - ``rule``: what singled the pair out: a strategy, when an arriving item met several free agents
      (``longest-idle`` …), or ``next-in-line``, when an agent became free and this item was the first due.
    - ``waited_s``, ``idle_s``: how long the item had waited and the agent had been idle.
    - ``load``: share of the agent's capacity that was in hand before, in thousandths.
    - ``skills``: the skills asked for, after relaxation; ``relaxed`` counts the relaxation steps that were
      taken.
    - ``last_agent``: the agent is the one the item prefers.
    - ``desk``: the dedicated desk the agent sits at. ``joined``: the agent's own queue, when a step let it
      join.
    - ``left``: how many more of the medium the agent can take after this one.
    - ``attempt``: 1 for the first offer of the item, 2 for the second …
    - ``interrupts``: the media of what the agent has in hand that makes room for it.
    - ``beside``: the media of what the agent has in hand beside which it is put, as it has waited long.
    """

    rule: str
    medium: str
    waited_s: int
    idle_s: int
    load: int
    skills: tuple[SkillMatch, ...]
    relaxed: int
    last_agent: bool
    desk: UUID | None
    joined: UUID | None
    left: int
    attempt: int
    interrupts: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    def reasons(self) -> tuple[Reason, ...]:
        """The reasons for people, the most telling first: personal, then skills, then order, then what is
        left.
        """
        told: list[Reason] = []
        if self.last_agent:
            told.append(Reason("last-agent", {}))
        if self.desk is not None:
            told.append(Reason("dedicated-desk", {"desk": str(self.desk)}))
        for match in self.skills:
            code = "skill-highest" if match.highest else "skill"
            told.append(Reason(code, {"skill": match.skill, "level": match.level}))
        if self.relaxed:
            told.append(Reason("relaxed", {"step": self.relaxed, "waited_s": self.waited_s}))
        if self.joined is not None:
            told.append(Reason("joined-queue", {"queue": str(self.joined)}))
        if self.rule == "next-in-line":
            told.append(Reason("next-in-line", {"waited_s": self.waited_s}))
        elif self.rule == "least-occupied":
            told.append(Reason("least-occupied", {"load": self.load}))
        elif self.rule != "last-agent":
            told.append(Reason(self.rule, {"idle_s": self.idle_s}))
        if self.attempt > 1:
            told.append(Reason("offered-again", {"attempt": self.attempt}))
        told += [Reason("interrupts", {"medium": medium}) for medium in self.interrupts]
        told += [Reason("beside", {"medium": medium}) for medium in self.beside]
        full = Reason("capacity-full", {"medium": self.medium})
        told.append(Reason("capacity-left", {"medium": self.medium, "left": self.left}) if self.left > 0 else full)
        return tuple(told)
