"""Every ``models.py`` is known to ``careline.tables``, so that no table is left out of the migrations."""

from pathlib import Path

from careline.tables import MODELS

SOURCE = Path(__file__).parents[2] / "src"


def test_every_models_file_has_its_line() -> None:
    there = {
        str(file.relative_to(SOURCE).with_suffix("")).replace("/", ".") for file in SOURCE.glob("careline/**/models.py")
    }

    assert there == {module.__name__ for module in MODELS}, "add the missing ones to src/careline/tables.py"
