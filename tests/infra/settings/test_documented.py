"""The table of settings in docs/operations.md is the settings of the code: no one is forgotten, none is made up."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from careline.infra.apt.sources import expired_allowed, mirror_setting
from careline.infra.settings.settings import load

HOME = Path("/srv/careline")
OPERATIONS = Path(__file__).parents[3] / "docs/operations.md"
ROW = re.compile(r"^\| `(CARELINE_\w+)` \| (.+?) \| .+ \| `(.+?)` \|$", re.MULTILINE)


class Asked(Mapping[str, str]):
    """An environment that keeps what was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def documented() -> list[tuple[str, str, str]]:
    """Name, default and example of each row."""
    section = OPERATIONS.read_text(encoding="utf-8").partition("\n## Settings\n")[2].partition("\n## ")[0]
    return ROW.findall(section)


def test_every_setting_that_is_read_is_shown() -> None:
    asked = Asked()
    assert set(load(asked, checkout=HOME).shown()) == asked.names


def test_the_table_names_the_settings_that_are_read_and_no_others() -> None:
    asked = Asked()
    load(asked, checkout=HOME)
    mirror_setting(asked)
    expired_allowed(asked)
    names = [name for name, _, _ in documented()]

    assert set(names) == asked.names
    assert len(names) == len(set(names))


def test_defaults_are_what_is_taken_and_examples_can_be_used() -> None:
    shown = load({}, checkout=HOME).shown()
    for name, default, _ in documented():
        value = re.match(r"`([^`]*)`", default)
        if value is not None and name in shown:
            assert load({name: value[1]}, checkout=HOME).shown() == shown, name
    # The demo alone cannot be combined with an address that others reach.
    examples = {name: example for name, _, example in documented()}
    used = load({**examples, "CARELINE_DEMO": "0"}, checkout=HOME).shown()
    assert [name for name in shown if name != "CARELINE_DEMO" and used[name] == shown[name]] == []
    assert load({"CARELINE_DEMO": examples["CARELINE_DEMO"]}, checkout=HOME).demo
