"""In CI (``CI=true``) a skipped test is a failed test: what a test needs is brought, or the build says so."""

import os
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI", "") not in ("", "0", "false"):
        report.outcome = "failed"
        report.longrepr = f"a skipped test is a failure in CI: {report.longreprtext or report.longrepr}"
    return report
