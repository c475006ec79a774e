"""The flow guide says what the language is: its tables and schema are current, its example is right."""

import json
import re

import jsonschema

from careline.modules.contact.flows.engine.checking import problems
from careline.modules.contact.flows.engine.definition import FlowLanguage
from tools import flow_guide


def test_the_schema_and_the_tables_are_current() -> None:
    anew = "python -m tools.flow_guide writes it anew"
    assert flow_guide.SCHEMA.read_text(encoding="utf-8") == flow_guide.schema(), anew
    text = flow_guide.GUIDE.read_text(encoding="utf-8")
    assert text == flow_guide.guide(text), anew


def test_the_example_is_read_and_nothing_is_wrong_with_it() -> None:
    text = flow_guide.GUIDE.read_text(encoding="utf-8")
    examples = [json.loads(one) for one in re.findall(r"```json\n(.*?)```", text, re.DOTALL)]
    assert examples
    for one in examples:
        jsonschema.validate(one, json.loads(flow_guide.SCHEMA.read_text(encoding="utf-8")))
        assert problems(FlowLanguage(flow_guide.REGISTERED).read(one)) == []


def test_every_problem_that_the_checker_knows_is_named() -> None:
    text = flow_guide.GUIDE.read_text(encoding="utf-8")
    engine = flow_guide.GUIDE.parents[2] / "src/careline/modules/contact/flows/engine"
    sources = "".join(file.read_text(encoding="utf-8") for file in engine.glob("checking*.py"))
    codes = set(re.findall(r'Problem\(\s*code="([a-z0-9-]+)"', sources))
    assert len(codes) > 15
    assert {code for code in codes if f"`{code}`" not in text} == set()
