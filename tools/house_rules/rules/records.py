"""Events and views: frozen records, and no personal values in what is kept for ever."""

import ast
import re
from collections.abc import Iterator

from tools.house_rules.rule import Breach, FileRule
from tools.house_rules.rules.syntax import last_part, names_in
from tools.house_rules.source import SourceFile


class FrozenRecords(FileRule):
    """``kw_only`` is asked for from two fields on: a single value has no order to mistake."""

    name = "frozen-records"
    why = "what passes a door is shared by all who hold it; who changes it changes it for everybody"
    instead = "make it class X(msgspec.Struct, frozen=True, kw_only=True)"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.plays("events", "views")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for node in file.nodes:
            if not isinstance(node, ast.ClassDef):
                continue
            if any(last_part(base) in {"Struct", "Event"} for base in node.bases):
                wanted = ("frozen", "kw_only") if _fields(node) > 1 else ("frozen",)
                missing = [word for word in wanted if not _is_set(node.keywords, word)]
                if missing:
                    yield self.breach(file, node.lineno, f"the record {node.name} is not {' and '.join(missing)}")
            elif any(last_part(one) in {"dataclass", "define"} for one in node.decorator_list):
                yield self.breach(file, node.lineno, f"the record {node.name} is not a msgspec.Struct")


def _fields(record: ast.ClassDef) -> int:
    return sum(isinstance(one, ast.AnnAssign) and "ClassVar" not in names_in(one.annotation) for one in record.body)


def _is_set(keywords: list[ast.keyword], word: str) -> bool:
    return any(one.arg == word and isinstance(one.value, ast.Constant) and one.value.value is True for one in keywords)


# Whole field names, or their last words: customer_phone, caller_number, body.
_PERSONAL = re.compile(
    r"(?:^|_)(?:phone|msisdn|mobile|caller_number|caller_name|full_name|display_name|first_name|last_name|email"
    r"|address|id_card|identity_number|birthday|birth_date|password|secret|text|body|content|message_text|transcript"
    r"|comment|note|location|latitude|longitude)$"
)


class PersonalValuesInEvents(FileRule):
    """By the names of fields in ``events.py``: an approximation, which a reviewer completes."""

    name = "personal-in-event"
    why = "the event log is append-only: what stands in it cannot be erased when its owner asks"
    instead = "keep the value in its owner's table and put the id or a code into the event"

    def applies_to(self, file: SourceFile) -> bool:
        return file.is_python and file.plays("events")

    def check_file(self, file: SourceFile) -> Iterator[Breach]:
        for node in file.nodes:
            if not isinstance(node, ast.ClassDef):
                continue
            for name, line in _personal_fields(node):
                yield self.breach(file, line, f"{node.name}.{name} looks like a personal value")


def _personal_fields(record: ast.ClassDef) -> Iterator[tuple[str, int]]:
    for field in record.body:
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            name = field.target.id
            # A yes or no about a value ("has a phone") is not the value.
            if _PERSONAL.search(name) and last_part(field.annotation) != "bool":
                yield name, field.lineno
