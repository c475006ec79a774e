"""``python -m tools.flow_guide``: write what the flow guide says of the language from the language itself.

That is the JSON Schema beside it, and the tables between its marks. A test compares them with what this would write.
"""

import json
from pathlib import Path

from careline.modules.care.letterbox.views import TakeMessage
from careline.modules.contact.flows.engine.definition import FlowLanguage
from careline.modules.contact.flows.engine.kinds import BUILT_IN
from careline.modules.contact.flows.engine.reading.formats import FORMATS, formatted
from careline.modules.contact.flows.engine.steps import FACTS, Step
from careline.modules.outreach.surveys.views import Rate

GUIDE = Path("docs/guides/flows.md")
SCHEMA = Path("docs/guides/flow.schema.json")
REGISTERED: tuple[type[Step], ...] = (Rate, TakeMessage)

EXAMPLES = {
    "amount": "1250.50",
    "number": "2.5",
    "date": "2026-11-24",
    "time": "09:05",
    "duration": "130",
    "digits": "123456",
    "phone": "13812346021",
    "ordinal": "2",
    "text": "畅享",
}


def schema() -> str:
    """The JSON Schema as it stands beside the guide."""
    return json.dumps(FlowLanguage(REGISTERED).schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def guide(text: str) -> str:
    """The guide with its tables anew."""
    for name, made in (("steps", _steps()), ("formats", _formats()), ("facts", _facts())):
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        text = text[: text.index(begin) + len(begin)] + made + text[text.index(end) :]
    return text


def _steps() -> str:
    rows = ["| kind | what it does |", "|---|---|"]
    for kind in (*BUILT_IN, *REGISTERED):
        said = " ".join((kind.__doc__ or "").split()).replace("``", "`").replace("|", "\\|")
        rows.append(f"| `{kind.__struct_config__.tag}` | {said} |")
    return "\n".join(rows) + "\n"


def _formats() -> str:
    rows = ["| gap | value | said in Mandarin | said in English | written in a chat |", "|---|---|---|---|---|"]
    for name in FORMATS:
        value = EXAMPLES[name]
        said = [formatted(value, name, one, aloud=True) for one in ("zh-CN", "en")]
        written = formatted(value, name, "zh-CN", aloud=False)
        rows.append(f"| `{{x\\|{name}}}` | `{value}` | {said[0]} | {said[1]} | {written} |")
    return "\n".join(rows) + "\n"


def _facts() -> str:
    return ", ".join(f"`{name}`" for name in FACTS) + ", `queue.waiting`, `queue.wait_s`, `queue.ready`\n"


def main() -> None:
    """Write both files."""
    SCHEMA.write_text(schema(), encoding="utf-8")
    GUIDE.write_text(guide(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
