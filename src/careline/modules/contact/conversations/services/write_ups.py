"""How a contact ended, with the names that the codes have today; codes that are retired keep theirs."""

from collections.abc import Mapping, Sequence

from careline.kernel.tenancy import Actor
from careline.modules.contact.conversations.engine.dispositions import DispositionView, along, way_to
from careline.modules.contact.conversations.repository.write_ups import WriteUpView
from careline.modules.contact.conversations.views import (
    DispositionStep,
    InteractionView,
    SegmentKind,
    SegmentView,
    WrapUpShown,
)

Tree = Mapping[str, DispositionView]

_WRITTEN = (SegmentKind.TALK, SegmentKind.WRAP_UP)


def ending(interaction: InteractionView, tree: Tree) -> WrapUpShown | None:
    """How a contact ended, as its last agent said it; None while nothing was said."""
    code = interaction.disposition
    if code is None and not interaction.note:
        return None
    return WrapUpShown(code=code, path=steps(code, tree), note=interaction.note or "")


def steps(code: str | None, tree: Tree, stored: str | None = None) -> list[DispositionStep]:
    """The way to a code in the words of today: as it was stored, else as the tree has it."""
    way = [] if code is None else along(stored, tree) or way_to(code, tree)
    return [DispositionStep(code=one.code, name=one.name, name_en=one.name_en) for one in way]


def own_ending(
    interaction: InteractionView,
    actor: Actor,
    stretches: Sequence[SegmentView],
    written: Sequence[WriteUpView],
    tree: Tree,
) -> WrapUpShown | None:
    """What the reader wrote of their own part; of who has none, or never had, how the contact ended."""
    mine = [one for one in written if one.agent_id == actor.id]
    if mine:
        return WrapUpShown(code=mine[-1].code, path=steps(mine[-1].code, tree, mine[-1].path), note=mine[-1].note)
    writes = any(one.agent_id == actor.id and one.kind in _WRITTEN and one.ended_at is None for one in stretches)
    return None if writes else ending(interaction, tree)
