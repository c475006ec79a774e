"""In CI (``CI=true``) a test that is not run is a failed test: what a test needs is brought, or the build says so.

That holds for a skip, for ``pytest.xfail()`` in the middle of a test and ``xfail(run=False)``, which end it all the
same, and for tests that are left out by configuration: only the command line may ask for fewer.
"""

import os
from collections.abc import Generator, Sequence
from typing import Any, TypeVar

import pytest

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
ASKED_BY = ("-m", "-k", "--deselect", "--ignore", "--lf", "--last-failed", "--sw", "--stepwise")
_LEFT_OUT = pytest.StashKey[int]()


def in_ci() -> bool:
    """Whether this run is the build's."""
    return os.environ.get("CI", "") not in ("", "0", "false")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    given_up = call.excinfo is not None and call.excinfo.errisinstance(pytest.xfail.Exception)
    return report if hasattr(report, "wasxfail") and not given_up else _refused(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return _refused((yield))


def pytest_deselected(items: Sequence[pytest.Item]) -> None:
    config = items[0].config
    asked = [str(word) for word in config.invocation_params.args]
    if in_ci() and not any(word.startswith(ASKED_BY) for word in asked):
        config.stash[_LEFT_OUT] = config.stash.get(_LEFT_OUT, 0) + len(items)


def pytest_sessionfinish(session: pytest.Session) -> None:
    left_out = session.config.stash.get(_LEFT_OUT, 0)
    if left_out:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    output: dict[str, int] | None = getattr(session.config, "workeroutput", None)
    if output is not None:  # one of several processes: who started it decides how the run ends
        output["left_out"] = left_out


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process has ended that ran a part of the tests; each of them had collected them all."""
    stash, output = node.config.stash, getattr(node, "workeroutput", None) or {}
    stash[_LEFT_OUT] = max(stash.get(_LEFT_OUT, 0), output.get("left_out", 0))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = terminalreporter.config.stash.get(_LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(f"tests left out by configuration, which is a failure in CI: {left_out}", red=True)


def _refused(report: Report) -> Report:
    if report.skipped and in_ci():
        report.outcome = "failed"
        report.longrepr = f"a skipped test is a failure in CI: {report.longrepr}"
        vars(report).pop("wasxfail", None)
    return report
