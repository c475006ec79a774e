"""Skills as bits, so that "has everything that is asked for" is one AND of two integers.

The low bits are rooms: media, in the order of ``MEDIA``, and ``BESIDE``; then every skill has ``LEVELS`` bits, and
proficiency p sets the lowest p of them. Whoever has level 4 thereby has the bits of levels 1 to 4, and ``have & need ==
need`` says that every need is met. Counting the bits of the skills asked for gives the sum of proficiencies.
"""

from collections.abc import Mapping
from itertools import product

from careline.modules.core.routing.engine.capacity import ROOMS
from careline.modules.core.routing.engine.model import LEVELS, Needs, Skill

_FEW = 2


class Alphabet:
    """Gives each skill its bits when it is first named."""

    __slots__ = ("_base",)

    def __init__(self) -> None:
        self._base: dict[Skill, int] = {}

    def have(self, skills: Mapping[Skill, int]) -> int:
        """The mask of what an agent has."""
        mask = 0
        for skill, level in skills.items():
            mask |= ((1 << level) - 1) << self._bits_of(skill)
        return mask

    def atoms(self, needs: Needs) -> tuple[int, ...]:
        """One single-bit mask for each need, ascending, so that equal needs make equal paths."""
        return tuple(sorted({1 << (self._bits_of(skill) + level - 1) for skill, level in needs}))

    def levels(self, needs: Needs) -> int:
        """All bits of the skills asked for."""
        mask = 0
        for skill, _ in needs:
            mask |= ((1 << LEVELS) - 1) << self._bits_of(skill)
        return mask

    def tiers(self, needs: Needs) -> tuple[tuple[int, ...], ...]:
        """What to ask for to find the most skilled, best first: the masks of each sum of proficiencies, descending.

        Empty for more than two skills, of which there would be too many.
        """
        if not 1 <= len(needs) <= _FEW:
            return ()
        tiers: dict[int, list[int]] = {}
        for levels in product(*(range(least, LEVELS + 1) for _, least in needs)):
            mask = sum(1 << (self._bits_of(skill) + level - 1) for (skill, _), level in zip(needs, levels, strict=True))
            tiers.setdefault(-sum(levels), []).append(mask)
        return tuple(tuple(masks) for _, masks in sorted(tiers.items()))

    def _bits_of(self, skill: Skill) -> int:
        return self._base.setdefault(skill, ROOMS + LEVELS * len(self._base))


def single_bits(mask: int) -> tuple[int, ...]:
    """The single-bit masks that make up a mask, ascending."""
    bits = []
    while mask:
        lowest = mask & -mask
        bits.append(lowest)
        mask ^= lowest
    return tuple(bits)
