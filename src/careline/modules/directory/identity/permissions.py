"""What may be permitted, how far a permission reaches, and the roles that every tenant begins with."""

import enum
from collections.abc import Iterable, Mapping

import msgspec


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
    "floor:view",
    "floor:direct",
    "floor:listen",
    "wall:view",
    "case:read",
    "case:write",
    "customer:read",
    "customer:reveal",
    "customer:write",
    "customer:manage",
    "org:read",
    "user:manage",
    "role:grant",
    "sign-in:manage",
    "service-account:manage",
    "audit:read",
    "routing:manage",
    "flow:read",
    "flow:manage",
    "widget:manage",
    "recording:listen",
    "insight:view",
)
"""Every permission there is, as ``resource:action``."""


class AdministratorKind(enum.StrEnum):
    """The three administrators (三员): system keeps the machinery, security says who may do what, audit watches."""

    SYSTEM = "system"
    SECURITY = "security"
    AUDIT = "audit"


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
            **_all(Scope.TENANT, "org:read", "user:manage", "routing:manage", "flow:read", "flow:manage"),
            **_all(Scope.TENANT, "widget:manage"),
        },
    ),
    BuiltInRole(
        code="security_administrator",
        name="安全管理员",
        administrator=AdministratorKind.SECURITY,
        permissions=_all(Scope.TENANT, "org:read", "role:grant", "sign-in:manage"),
    ),
    BuiltInRole(
        code="audit_administrator",
        name="审计管理员",
        administrator=AdministratorKind.AUDIT,
        permissions=_all(Scope.TENANT, "org:read", "audit:read"),
    ),
    BuiltInRole(
        code="integrator",
        name="集成管理员",
        permissions=_all(Scope.TENANT, "service-account:manage"),
    ),
    BuiltInRole(
        code="agent",
        name="坐席",
        permissions={
            **_all(Scope.TENANT, "desk:use", "case:read", "case:write"),
            **_all(Scope.TENANT, "customer:read", "customer:reveal", "customer:write"),
        },
    ),
    BuiltInRole(
        code="supervisor",
        name="班长",
        permissions={
            **_all(Scope.TENANT, "floor:direct", "floor:listen", "wall:view"),
            **_all(Scope.TENANT, "desk:use", "floor:view", "case:read", "case:write", "customer:read", "flow:read"),
            **_all(Scope.TENANT, "customer:reveal", "customer:write", "customer:manage"),
            **_all(Scope.TENANT, "recording:listen", "insight:view", "org:read"),
        },
    ),
    BuiltInRole(code="wallboard", name="大屏", permissions=_all(Scope.TENANT, "wall:view")),
)


NEVER_BY_TOKEN = frozenset({"desk:use", "role:grant", "sign-in:manage", "service-account:manage"})
"""What no service account may do: sit at a desk, or decide who may do what, itself included."""


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
