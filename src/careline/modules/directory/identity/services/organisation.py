"""The organisation: departments that form a tree, and the posts that people hold."""

from typing import Any
from uuid import UUID

import msgspec

from careline.infra.database.database import Database
from careline.infra.database.transaction import Transaction
from careline.kernel.errors import Conflict, NotFound
from careline.kernel.ids import new_id
from careline.kernel.tenancy import Actor
from careline.kernel.text import checked_text
from careline.modules.directory.identity import rules
from careline.modules.directory.identity.events import OrgUnitMoved, PermissionsChanged, UserChanged
from careline.modules.directory.identity.permissions import Scope
from careline.modules.directory.identity.repository import organisation, sessions, users
from careline.modules.directory.identity.services.audit import AuditTrail
from careline.modules.directory.identity.views import OrgUnitChange, OrgUnitView, PostView


class Organisation:
    """Use cases on departments and posts. One changes the tree at a time, so that it stays a tree."""

    def __init__(self, database: Database, audit: AuditTrail) -> None:
        self._database = database
        self._audit = audit

    async def add_unit(self, actor: Actor, parent_id: UUID, name: str) -> OrgUnitView:
        """Make a department below another."""
        name = _checked_name(name)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            tree = _by_id(await organisation.hold_tree(tx))
            parent = _parent(tree, parent_id)
            _check_name_free(tree, parent.id, name, None)
            unit_id = new_id()
            unit = OrgUnitView(id=unit_id, parent_id=parent.id, name=name, path=f"{parent.path}{unit_id}/")
            _check_depth(rules.depth_of(unit.path))
            await organisation.add_org_unit(tx, unit)
            self._audit.record(tx, actor, "org-unit.created", unit_id, {"parent": str(parent.id)})
        return unit

    async def change_unit(self, actor: Actor, unit_id: UUID, change: OrgUnitChange, *, version: int) -> OrgUnitView:
        """Call a department otherwise, or put it, with all that is below it, below another one.

        Raises ``Conflict``: "org-unit-changed" when it is no longer as somebody saw who saw ``version``,
        "org-unit-circle" when it would be below itself, "own-reach-changes" when the actor's own rights would reach
        other departments than before.
        """
        name = None if change.name is None else _checked_name(change.name)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            tree = _by_id(await organisation.hold_tree(tx))
            unit = _as_seen(tree, unit_id, version)
            changes: dict[str, Any] = {}
            if change.parent_id is not None and change.parent_id != unit.parent_id:
                await self._move(tx, actor, tree, unit, change.parent_id)
                changes["parent_id"] = change.parent_id
            parent_id = changes.get("parent_id", unit.parent_id)
            _check_name_free(tree, parent_id, name or unit.name, unit.id)
            if name is not None and name != unit.name:
                changes["name"] = name
                self._audit.record(tx, actor, "org-unit.renamed", unit.id, {})
            if changes:
                await organisation.change_org_unit(tx, unit.id, changes)
            changed = await organisation.org_unit(tx, unit.id)
            assert changed is not None, "nobody else changes the tree now"
        return changed

    async def close_unit(self, actor: Actor, unit_id: UUID, people_to: UUID | None, *, version: int) -> None:
        """Close a department that has none below it. Its people, if any, go to ``people_to``.

        Raises ``Conflict`` "own-reach-changes" when the actor works there and has rights that reach from there.
        """
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            tree = _by_id(await organisation.hold_tree(tx))
            unit = _as_seen(tree, unit_id, version)
            if unit.parent_id is None:
                raise Conflict("root-unit-stays")
            below = sum(1 for one in tree.values() if one.parent_id == unit.id)
            if below:
                raise Conflict("org-unit-has-units", units=below)
            if await _reaching_from(tx, actor) == unit.path:
                raise Conflict("own-reach-changes", field="people_to")
            people = (await users.people_by_unit(tx)).get(unit.id, 0)
            if people:
                await self._send_people(tx, tree, unit, people_to, people)
            await organisation.close_org_unit(tx, unit.id, tx.now)
            told: dict[str, str | int | None] = {"people": people, "people_to": str(people_to) if people else None}
            self._audit.record(tx, actor, "org-unit.closed", unit.id, told)

    async def add_post(self, actor: Actor, name: str, duties: str) -> PostView:
        """Make a post."""
        post = PostView(id=new_id(), name=_checked_name(name), duties=_checked_duties(duties))
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await organisation.add_post(tx, post)
            self._audit.record(tx, actor, "post.created", post.id, {})
        return post

    async def change_post(self, actor: Actor, post_id: UUID, name: str, duties: str, *, version: int) -> PostView:
        """Call a post otherwise or give it other duties. Raises ``Conflict`` when somebody was faster."""
        name, duties = _checked_name(name), _checked_duties(duties)
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            post = await _post_as_seen(tx, post_id, version)
            await organisation.change_post(tx, post_id, name, duties)
            self._audit.record(tx, actor, "post.changed", post_id, {})
        return msgspec.structs.replace(post, name=name, duties=duties, version=version + 1)

    async def remove_post(self, actor: Actor, post_id: UUID, *, version: int) -> None:
        """Forget a post that nobody holds."""
        async with self._database.transaction(actor.tenant_id, actor=actor.ref) as tx:
            await _post_as_seen(tx, post_id, version)
            held = await organisation.held_by(tx, post_id)
            if held:
                raise Conflict("post-held", people=held)
            await organisation.remove_post(tx, post_id)
            self._audit.record(tx, actor, "post.removed", post_id, {})

    async def _move(
        self, tx: Transaction, actor: Actor, tree: dict[UUID, OrgUnitView], unit: OrgUnitView, to: UUID
    ) -> None:
        if unit.parent_id is None:
            raise Conflict("root-unit-stays", field="parent_id")
        parent = _parent(tree, to)
        path = rules.new_path(unit.path, parent.path)
        grows = rules.depth_of(path) - rules.depth_of(unit.path)
        _check_depth(grows + max(rules.depth_of(one.path) for one in tree.values() if one.path.startswith(unit.path)))
        mine = await _reaching_from(tx, actor)
        if mine is not None and unit.path != mine and unit.path.startswith(mine) != path.startswith(mine):
            raise Conflict("own-reach-changes", field="parent_id")
        await organisation.move_subtree(tx, unit.path, path)
        tx.emit(OrgUnitMoved(org_unit_id=unit.id), subject=unit.id)
        self._audit.record(tx, actor, "org-unit.moved", unit.id, {"from": str(unit.parent_id), "to": str(to)})

    async def _send_people(
        self, tx: Transaction, tree: dict[UUID, OrgUnitView], unit: OrgUnitView, to: UUID | None, people: int
    ) -> None:
        if to is None:
            raise Conflict("org-unit-has-people", field="people_to", people=people)
        if to == unit.id or to not in tree:
            raise NotFound("org-unit-not-found", field="people_to")
        for user in await users.move_people(tx, unit.id, to):
            tx.emit(UserChanged(user_id=user.id, active=user.active), subject=user.id)
            tx.emit(PermissionsChanged(user_id=user.id), subject=user.id)  # they reach others from there


async def _reaching_from(tx: Transaction, actor: Actor) -> str | None:
    """The path of the department from which the actor's own rights reach; None when none of them is by department.

    Who changes the tree changes nobody's reach in silence, least of all one's own: somebody else does that.
    """
    if actor.id is None:
        return None
    scopes = await sessions.scopes_of(tx, actor.tenant_id, actor.id)
    mine = await sessions.unit_of(tx, actor.id) if Scope.DEPARTMENT in scopes.values() else None
    unit = None if mine is None else await organisation.org_unit(tx, mine)
    return None if unit is None else unit.path


def _by_id(units: list[OrgUnitView]) -> dict[UUID, OrgUnitView]:
    return {unit.id: unit for unit in units}


def _as_seen(tree: dict[UUID, OrgUnitView], unit_id: UUID, version: int) -> OrgUnitView:
    unit = tree.get(unit_id)
    if unit is None:
        raise NotFound("org-unit-not-found")
    if unit.version != version:
        raise Conflict("org-unit-changed", version=unit.version)
    return unit


def _parent(tree: dict[UUID, OrgUnitView], parent_id: UUID) -> OrgUnitView:
    parent = tree.get(parent_id)
    if parent is None:
        raise NotFound("org-unit-not-found", field="parent_id")
    return parent


def _check_name_free(tree: dict[UUID, OrgUnitView], parent_id: UUID | None, name: str, unit_id: UUID | None) -> None:
    """Two of one name beside each other could not be told apart by who chooses."""
    if any(one.parent_id == parent_id and one.name == name and one.id != unit_id for one in tree.values()):
        raise Conflict("org-unit-name-taken", field="name")


def _check_depth(depth: int) -> None:
    if depth > rules.TREE_DEPTH:
        raise Conflict("org-unit-too-deep", field="parent_id", max=rules.TREE_DEPTH)


def _checked_name(name: str) -> str:
    return checked_text(name, field="name", max_length=rules.NAME_MAX)


def _checked_duties(duties: str) -> str:
    if not duties.strip():
        return ""
    return checked_text(duties, field="duties", max_length=rules.DUTIES_MAX, lines=True)


async def _post_as_seen(tx: Transaction, post_id: UUID, version: int) -> PostView:
    post = await organisation.hold_post(tx, post_id)
    if post is None:
        raise NotFound("post-not-found")
    if post.version != version:
        raise Conflict("post-changed", version=post.version)
    return post
