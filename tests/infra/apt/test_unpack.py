"""Unpacking keeps everything inside its folder, whatever a package says."""

from pathlib import Path

import pytest

from careline.infra.apt.unpack import place, unpack
from careline.kernel.errors import PermanentFailure
from tests.infra.apt.packages import make_package


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("./usr/bin/x", "usr/bin/x"),
        ("./lib/x86_64-linux-gnu/libc.so.6", "usr/lib/x86_64-linux-gnu/libc.so.6"),
        ("/sbin/x", "usr/sbin/x"),
        ("./library/x", "library/x"),
        ("./lib64/ld-linux-x86-64.so.2", None),
        ("usr/lib64/ld-linux-x86-64.so.2", None),
        ("./", None),
        ("./../etc/passwd", None),
        ("usr/../../x", None),
    ],
)
def test_old_places_move_below_usr_and_nothing_leaves(name: str, expected: str | None) -> None:
    assert place(name) == expected


def test_files_links_and_modes(tmp_path: Path) -> None:
    package = make_package(
        tmp_path,
        "p",
        "1",
        {
            "./usr/bin/tool": b"#!/bin/sh\n",
            "./usr/bin/again": "=./usr/bin/tool",
            "./lib/a.so.1": b"elf",
            "./usr/lib/a.so": "->a.so.1",
            "./usr/lib/etc": "->/etc/alternatives",
            "./usr/share/doc/p/copyright": b"text",
        },
    )
    root = tmp_path / "root"
    unpack([package], root)
    assert (root / "usr/bin/tool").stat().st_mode & 0o777 == 0o755
    assert (root / "usr/bin/again").read_bytes() == b"#!/bin/sh\n"
    assert (root / "usr/lib/a.so").read_bytes() == b"elf"
    assert (root / "usr/lib/a.so.1").stat().st_mode & 0o777 == 0o644
    assert str((root / "usr/lib/etc").readlink()) == "../../etc/alternatives"
    assert not (root / "usr/share/doc").exists()


@pytest.mark.parametrize("target", ["../../../outside", "/../outside"])
def test_a_link_that_leads_out_is_left_out(tmp_path: Path, target: str) -> None:
    package = make_package(tmp_path, "p", "1", {"./usr/lib/out": f"->{target}", "./usr/lib/x": b"x"})
    unpack([package], tmp_path / "root")
    assert not (tmp_path / "root/usr/lib/out").is_symlink()
    assert (tmp_path / "root/usr/lib/x").exists()


def test_a_file_never_lands_behind_a_link(tmp_path: Path) -> None:
    """A later package that brings a file where an earlier one put a link replaces the link."""
    first = make_package(tmp_path, "a", "1", {"./usr/share/x": "->y", "./usr/share/y": b"kept"})
    second = make_package(tmp_path, "b", "1", {"./usr/share/x": b"new"})
    unpack([first, second], tmp_path / "root")
    assert (tmp_path / "root/usr/share/y").read_bytes() == b"kept"
    assert (tmp_path / "root/usr/share/x").read_bytes() == b"new"


def test_only_what_is_wanted(tmp_path: Path) -> None:
    package = make_package(tmp_path, "p", "1", {"./usr/bin/a": b"a", "./usr/bin/b": b"b"})
    unpack([package], tmp_path / "root", lambda path: path.endswith("a"))
    assert [path.name for path in (tmp_path / "root/usr/bin").iterdir()] == ["a"]


@pytest.mark.parametrize("length", [0, 60, 400])
def test_a_damaged_package_is_refused(tmp_path: Path, length: int) -> None:
    package = make_package(tmp_path, "p", "1", {"./usr/bin/a": b"a" * 5000})
    package.write_bytes(package.read_bytes()[:length])
    with pytest.raises(PermanentFailure, match="damaged"):
        unpack([package], tmp_path / "root")
