"""Fixtures that every test folder may use; each is described where it is written."""

pytest_plugins = ["tests.support.postgres", "tests.support.database"]
