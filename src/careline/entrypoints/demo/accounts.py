"""The demo's accounts and their passwords."""

import os
import secrets
from pathlib import Path

import msgspec

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Nothing that looks like something else."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One who may sign in to the demo; ``unit`` is the key of a department."""

    login: str
    display_name: str
    roles: tuple[str, ...]
    unit: str


class KnownAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account with its password, to be shown."""

    login: str
    display_name: str
    password: str


ACCOUNTS = (
    Account(login="8021", display_name="陈晓岚", roles=("agent",), unit="premium"),
    Account(login="8022", display_name="林志佳", roles=("agent",), unit="broadband"),
    Account(login="8023", display_name="郭云鹏", roles=("agent",), unit="broadband"),
    Account(login="8024", display_name="何思怡", roles=("agent",), unit="broadband"),
    Account(login="8025", display_name="罗子明", roles=("agent",), unit="general"),
    Account(login="8026", display_name="梁雨欣", roles=("agent",), unit="general"),
    Account(login="8027", display_name="宋明哲", roles=("agent",), unit="general"),
    Account(login="8028", display_name="谢芳芸", roles=("agent",), unit="complaints"),
    Account(login="8001", display_name="周文静", roles=("supervisor",), unit="centre"),
    Account(login="sysadmin", display_name="系统管理员 沈波", roles=("system_administrator",), unit="operations"),
    Account(login="secadmin", display_name="安全管理员 杜静", roles=("security_administrator",), unit="operations"),
    Account(login="auditor", display_name="审计管理员 崔浩", roles=("audit_administrator",), unit="operations"),
    Account(login="privacy", display_name="个人信息保护专员 苏敏", roles=("privacy_officer",), unit="operations"),
)


def new_password() -> str:
    """Three groups of five, easy to type: 74 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(3))


def read_passwords(file: Path) -> dict[str, str]:
    """Login → password of what was written before; lines that are none are passed over."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    found = {}
    for line in lines:
        parts = line.split()
        if len(parts) >= 2 and not line.startswith("#"):
            found[parts[0]] = parts[1]
    return found


def write_passwords(file: Path, accounts: list[KnownAccount]) -> None:
    """Replace the file as a whole; only its owner may read it, from its first byte on."""
    aside = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), 0o600)
        stream.write("# Demo accounts of the tenant «demo»: login, password, name\n")
        stream.writelines(f"{one.login:<10} {one.password}  {one.display_name}\n" for one in accounts)
    aside.replace(file)
