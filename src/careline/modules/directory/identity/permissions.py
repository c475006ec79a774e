"""What may be permitted, how far a permission reaches, and the roles that every tenant begins with."""

import enum
from collections.abc import Iterable, Mapping

import msgspec

from careline.kernel.errors import Conflict, Invalid


class Scope(enum.StrEnum):
    """How far a permission reaches: one's own things, those of one's department and below, or all of the tenant."""

    OWN = "own"
    DEPARTMENT = "department"
    TENANT = "tenant"

    @property
    def width(self) -> int:
        """A number that is greater for a wider scope."""
        return _WIDTH[self]


_WIDTH = {Scope.OWN: 0, Scope.DEPARTMENT: 1, Scope.TENANT: 2}

PERMISSIONS = (
    "desk:use",
    "desk:manage",
    "floor:view",
    "floor:direct",
    "floor:listen",
    "wall:view",
    "case:read",
    "case:write",
    "case:sealed",
    "customer:read",
    "customer:reveal",
    "customer:write",
    "customer:manage",
    "customer:merge",
    "customer:password",
    "history:view",
    "data-request:read",
    "data-request:write",
    "data-request:decide",
    "data-request:download",
    "org:read",
    "org:manage",
    "user:manage",
    "role:grant",
    "sign-in:manage",
    "service-account:read",
    "service-account:manage",
    "audit:read",
    "routing:manage",
    "flow:read",
    "flow:manage",
    "flow:connect",
    "telephony:manage",
    "widget:manage",
    "recording:listen",
    "insight:view",
)
"""Every permission there is, as ``resource:action``."""


SCOPES: dict[str, tuple[Scope, ...]] = {
    "org:read": (Scope.OWN, Scope.DEPARTMENT, Scope.TENANT),
    "user:manage": (Scope.DEPARTMENT, Scope.TENANT),
    "role:grant": (Scope.DEPARTMENT, Scope.TENANT),
    "floor:view": (Scope.DEPARTMENT, Scope.TENANT),
    "floor:direct": (Scope.DEPARTMENT, Scope.TENANT),
    "floor:listen": (Scope.DEPARTMENT, Scope.TENANT),
    "case:read": (Scope.OWN, Scope.DEPARTMENT, Scope.TENANT),
    "case:write": (Scope.OWN, Scope.DEPARTMENT, Scope.TENANT),
    "history:view": (Scope.OWN, Scope.DEPARTMENT, Scope.TENANT),
    "recording:listen": (Scope.OWN, Scope.DEPARTMENT, Scope.TENANT),
}
"""Where a narrower scope than the tenant is enforced today, narrowest first. A permission that is not named here is
for the whole tenant, and no role can say otherwise: a scope that nobody checks would be a promise that nobody keeps."""


def scopes_of(code: str) -> tuple[Scope, ...]:
    """The scopes that a permission can have, the narrowest first; the last is always the tenant."""
    return SCOPES.get(code, (Scope.TENANT,))


class AdministratorKind(enum.StrEnum):
    """The three administrators (三员): system keeps the machinery, security says who may do what, audit watches."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


ADMINISTRATIVE = {
    "org:manage": AdministratorKind.SYSTEM,
    "user:manage": AdministratorKind.SYSTEM,
    "service-account:manage": AdministratorKind.SYSTEM,
    "role:grant": AdministratorKind.SECURITY,
    "sign-in:manage": AdministratorKind.SECURITY,
    "data-request:decide": AdministratorKind.SECURITY,
    "audit:read": AdministratorKind.AUDIT,
}
"""What makes a role that of an administrator, whoever made the role."""

CUSTOMER_RESOURCES = frozenset({"case", "conversation", "customer", "desk", "history", "recording"})
LISTENING = frozenset({"floor:listen", "data-request:download"})
"""What shows customers. Whoever says who may see them does not see them: security administrators hold none of these."""


class BuiltInRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role that a new tenant gets. ``name`` is in the tenant's first language, Chinese."""

    code: str
    name: str
    permissions: dict[str, Scope]
    administrator: AdministratorKind | None = None


def _all(scope: Scope, *codes: str) -> dict[str, Scope]:
    return dict.fromkeys(codes, scope)


BUILT_IN_ROLES = (
    BuiltInRole(
        code="system_administrator",
        name="系统管理员",
        administrator=AdministratorKind.SYSTEM,
        permissions={
            **_all(Scope.TENANT, "org:read", "org:manage", "user:manage", "routing:manage", "flow:read", "flow:manage"),
            **_all(Scope.TENANT, "flow:connect", "telephony:manage", "widget:manage", "desk:manage"),
            **_all(Scope.TENANT, "service-account:read", "service-account:manage"),
        },
    ),
    BuiltInRole(
        code="security_administrator",
        name="安全管理员",
        administrator=AdministratorKind.SECURITY,
        permissions={
            **_all(Scope.TENANT, "org:read", "role:grant", "sign-in:manage", "service-account:read"),
            **_all(Scope.TENANT, "data-request:read", "data-request:decide"),
        },
    ),
    BuiltInRole(
        code="audit_administrator",
        name="审计管理员",
        administrator=AdministratorKind.AUDIT,
        permissions=_all(Scope.TENANT, "org:read", "audit:read", "service-account:read"),
    ),
    BuiltInRole(
        code="integrator",
        name="集成管理员",
        administrator=AdministratorKind.SYSTEM,
        permissions=_all(Scope.TENANT, "service-account:read", "service-account:manage"),
    ),
    BuiltInRole(
        code="agent",
        name="坐席",
        permissions={
            **_all(Scope.TENANT, "desk:use", "case:read", "case:write"),
            **_all(Scope.TENANT, "customer:read", "customer:reveal", "customer:write", "customer:password"),
            **_all(Scope.TENANT, "history:view"),
        },
    ),
    BuiltInRole(
        code="supervisor",
        name="班长",
        permissions={
            **_all(Scope.TENANT, "floor:direct", "floor:listen", "wall:view"),
            **_all(Scope.TENANT, "desk:use", "floor:view", "case:read", "case:write", "customer:read", "flow:read"),
            **_all(Scope.TENANT, "customer:reveal", "customer:write", "customer:manage", "customer:merge"),
            **_all(Scope.TENANT, "customer:password", "history:view"),
            **_all(Scope.TENANT, "recording:listen", "insight:view", "org:read", "desk:manage"),
            **_all(Scope.TENANT, "data-request:read", "data-request:write", "data-request:download"),
        },
    ),
    BuiltInRole(
        code="privacy_officer",
        name="个人信息保护专员",
        permissions=_all(Scope.TENANT, "data-request:read", "case:sealed"),
    ),
    BuiltInRole(code="wallboard", name="大屏", permissions=_all(Scope.TENANT, "wall:view")),
)


NEVER_BY_TOKEN = frozenset(
    {"desk:use", "service-account:read", "service-account:manage", "data-request:download", "case:sealed"}
    | {code for code, kind in ADMINISTRATIVE.items() if kind is not AdministratorKind.SYSTEM}
)
"""What no service account may do: sit at a desk, take copies, open what is sealed, keep service accounts, or anything
of the security and audit administrators. Whoever makes a service account holds its token and is of the system
administrators: with another kind's permission in it, one person would hold two."""


def grantable_to_tokens() -> dict[str, tuple[Scope, ...]]:
    """What may be asked for a service account, each with the scopes that it can have, the narrowest first."""
    return {code: scopes_of(code) for code in PERMISSIONS if code not in NEVER_BY_TOKEN}


def widest(grants: Iterable[Mapping[str, str]]) -> dict[str, Scope]:
    """The permissions of several roles together, each with the widest scope that any of them gives.

    Codes and scopes that this version does not know give nothing.
    """
    held: dict[str, Scope] = {}
    for permissions in grants:
        for code, text in permissions.items():
            if code not in PERMISSIONS or text not in _WIDTH:
                continue
            scope = Scope(text)
            if code not in held or scope.width > held[code].width:
                held[code] = scope
    return held


def narrowed(permissions: Mapping[str, str], limit: Scope | None) -> dict[str, Scope]:
    """What a role permits to somebody who was granted it within ``limit``.

    Each permission reaches as far as the limit, or as near to it as is enforced: where no narrower scope is, it stays.
    """
    held = widest([permissions])
    if limit is None:
        return held
    return {
        code: scope if scope.width <= limit.width else min(_from(code, limit), scope, key=lambda one: one.width)
        for code, scope in held.items()
    }


def _from(code: str, limit: Scope) -> Scope:
    return next(scope for scope in scopes_of(code) if scope.width >= limit.width)


def kinds_of(permissions: Iterable[str]) -> set[AdministratorKind]:
    """Of which of the three administrators these permissions are."""
    return {ADMINISTRATIVE[code] for code in permissions if code in ADMINISTRATIVE}


def shows_customers(permissions: Iterable[str]) -> bool:
    """Whether any of these lets somebody see customers."""
    return any(code in LISTENING or code.partition(":")[0] in CUSTOMER_RESOURCES for code in permissions)


def checked_permissions(permissions: Mapping[str, str]) -> dict[str, Scope]:
    """What a role shall permit, each with a scope that is enforced. Raises ``Invalid`` naming the first that is not."""
    checked = {}
    for code in sorted(permissions):
        if code not in PERMISSIONS:
            raise Invalid("permission-unknown", field="permissions")
        scopes = scopes_of(code)
        if permissions[code] not in scopes:
            raise Invalid(
                "scope-not-enforced",
                field=f"permissions/{code}",
                permission=code,
                allowed=", ".join(scopes),
            )
        checked[code] = Scope(permissions[code])
    return checked


def administrator_of(permissions: Iterable[str]) -> AdministratorKind | None:
    """Whose role it is that permits this. Raises ``Conflict`` when it would be that of two of the three."""
    kinds = kinds_of(permissions)
    if len(kinds) > 1:
        raise Conflict("administrators-kept-apart", field="permissions")
    return next(iter(kinds), None)


def check_together(roles: Iterable[tuple[AdministratorKind | None, Iterable[str]]], *, field: str) -> None:
    """Raises ``Conflict`` when no one person may hold all of these: each is whose role it is, and what it permits."""
    held = list(roles)
    if not kept_apart(kind for kind, _ in held):
        raise Conflict("administrators-kept-apart", field=field)
    grants_rights = any(kind is AdministratorKind.SECURITY for kind, _ in held)
    if grants_rights and any(shows_customers(permissions) for _, permissions in held):
        raise Conflict("security-without-customers", field=field)


def kept_apart(administrator_kinds: Iterable[str | None]) -> bool:
    """Whether these roles of one person keep the three administrators apart."""
    return len({kind for kind in administrator_kinds if kind is not None}) <= 1
