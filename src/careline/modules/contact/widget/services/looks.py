"""Draft, publish, roll back."""

from datetime import timedelta
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Reading, Transaction
from careline.kernel.errors import Conflict, Invalid, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor, TenantId
from careline.kernel.text import checked_text
from careline.modules.contact.widget import repository, rules
from careline.modules.contact.widget.events import LookPublished
from careline.modules.contact.widget.views import Look, Looks, LookVersion
from careline.modules.directory.identity.facade import Identity

KEPT = 50
"""So many of the newest looks are shown."""

MOST_PICTURES = 100
CHOSEN_WITHIN = timedelta(days=1)
"""So long a picture that no look shows yet may still be on its way into one."""

DEFAULT = Look()


class LookChanged(Conflict):
    """Somebody else has saved or published since it was read."""

    def __init__(self) -> None:
        super().__init__("look-changed")


class Wardrobe:
    """The looks of tenants. Who has never published anything has the look that Careline comes with."""

    def __init__(self, database: Database, identity: Identity) -> None:
        self._database = database
        self._identity = identity

    async def all(self, tenant_id: TenantId) -> Looks:
        """The draft, what customers see, and what they saw."""
        async with self._database.reading(tenant_id) as reading:
            return await _looks(reading)

    async def save(self, actor: Actor, look: Look, revision: int) -> LookVersion:
        """Store the draft. ``revision`` is that of the draft that was changed, 0 when there was none.

        Raises ``Invalid`` with the field, ``LookChanged``.
        """
        checked = await self._checked(actor.tenant_id, look)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            looks = await _looks(tx)
            if looks.draft is None:
                if revision != 0:
                    raise LookChanged
                version = LookVersion(
                    number=_next_number(looks),
                    revision=1,
                    look=checked,
                    made_by=actor.id,
                    changed_at=tx.now,
                    published_at=None,
                )
                await repository.insert_look(tx, version)
            else:
                version = msgspec.structs.replace(
                    looks.draft, revision=revision + 1, look=checked, made_by=actor.id, changed_at=tx.now
                )
                if not await repository.change_look(tx, version, revision=revision):
                    raise LookChanged
        return version

    async def publish(self, actor: Actor, revision: int) -> LookVersion:
        """Let customers see the draft. Raises ``LookChanged`` when it is not the one that was looked at."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            draft = (await _looks(tx)).draft
            if draft is None or draft.revision != revision:
                raise LookChanged
            version = msgspec.structs.replace(draft, published_at=tx.now, revision=revision + 1)
            if not await repository.change_look(tx, version, revision=revision):
                raise LookChanged
            await self._tell(tx, actor, version, "widget.published")
        return version

    async def roll_back(self, actor: Actor, number: int) -> LookVersion:
        """Publish an earlier look again, as the newest. Raises ``NotFound``, ``Conflict`` ("look-draft-open")."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            looks = await _looks(tx)
            earlier = await repository.look(tx, number)
            if earlier is None or earlier.published_at is None:
                raise NotFound("look-not-found", number=number)
            if looks.draft is not None:
                raise Conflict("look-draft-open")
            version = LookVersion(
                number=_next_number(looks),
                revision=1,
                look=earlier.look,
                made_by=actor.id,
                changed_at=tx.now,
                published_at=tx.now,
            )
            await repository.insert_look(tx, version)
            await self._tell(tx, actor, version, "widget.rolled-back")
        return version

    async def add_picture(self, actor: Actor, data: bytes) -> UUID:
        """Keep a picture for a look; when there is no more room, those go that no look shows.

        Raises ``Invalid`` for what is no small PNG or JPEG, ``Conflict`` ("too-many-pictures").
        """
        kind = rules.picture_kind(data)
        picture_id = new_id()
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            if await repository.count_pictures(tx) >= MOST_PICTURES:
                await repository.remove_unused(tx, tx.now - CHOSEN_WITHIN)
            if await repository.count_pictures(tx) >= MOST_PICTURES:
                raise Conflict("too-many-pictures", max=MOST_PICTURES)
            await repository.insert_picture(tx, picture_id, kind, data)
            await self._identity.audit(tx, actor, "widget.picture-added", picture_id, {"kind": kind})
        return picture_id

    async def seen(self, tenant_code: str) -> Look:
        """What customers of a tenant see. Raises ``NotFound`` ``tenant-unknown``."""
        tenant = await self._identity.tenant_by_code(tenant_code)
        if tenant is None:
            raise NotFound("tenant-unknown", tenant=tenant_code)
        published = (await self.all(tenant.id)).published
        return DEFAULT if published is None else published.look

    async def picture(self, tenant_code: str, picture_id: UUID) -> tuple[str, bytes]:
        """The media type and the bytes of a tenant's picture. Raises ``NotFound``."""
        tenant = await self._identity.tenant_by_code(tenant_code)
        found = None
        if tenant is not None:
            async with self._database.reading(tenant.id) as reading:
                found = await repository.picture(reading, picture_id)
        if found is None:
            raise NotFound("picture-not-found", id=str(picture_id))
        return found

    async def sites(self) -> dict[TenantId, frozenset[str]]:
        """The sites that may carry the widget of each tenant."""
        async with self._database.system_reading() as reading:
            found = await repository.published_of_all(reading)
        return {tenant_id: frozenset(version.look.sites) for tenant_id, version in found.items()}

    async def _checked(self, tenant_id: TenantId, look: Look) -> Look:
        if look.picture is not None:
            async with self._database.reading(tenant_id) as reading:
                if await repository.picture(reading, look.picture) is None:
                    raise Invalid("picture-not-found", field="picture", id=str(look.picture))
        return msgspec.structs.replace(
            look,
            color=rules.checked_color(look.color),
            greeting_zh=checked_text(look.greeting_zh, field="greeting_zh", max_length=rules.GREETING_MAX),
            greeting_en=checked_text(look.greeting_en, field="greeting_en", max_length=rules.GREETING_MAX),
            avatar=rules.checked_avatar(look.avatar),
            sites=rules.checked_sites(look.sites),
        )

    async def _tell(self, tx: Transaction, actor: Actor, version: LookVersion, action: str) -> None:
        await self._identity.audit(tx, actor, action, actor.tenant_id, {"number": version.number})
        tx.emit(LookPublished(number=version.number), subject=actor.tenant_id)


async def _looks(reading: Reading) -> Looks:
    found = await repository.looks(reading, limit=KEPT)
    published = [one for one in found if one.published_at is not None]
    return Looks(
        draft=next((one for one in found if one.published_at is None), None),
        published=published[0] if published else None,
        past=published[1:],
    )


def _next_number(looks: Looks) -> int:
    return 1 if looks.published is None else looks.published.number + 1
