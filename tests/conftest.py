"""Fixtures and habits of every test folder; each is described where it is written."""

pytest_plugins = [
    "tests.support.house",
    "tests.support.postgres",
    "tests.support.database",
    "tests.support.office",
    "tests.support.contacts",
    "tests.support.skips",
    "tests.support.examples",
    "tests.support.memory",
    "tests.support.remembered",
    "tests.support.processes",
    "tests.support.browser",
]
