"""Which tests share a process when the run is spread over several (``-n 2``).

What needs Asterisk or Chromium runs in one process, one test after the other: there is one node for all of them, and
calls of two tests at once would each be slower than callers wait. It begins first, and the others fill what is free.
"""

import pytest

REAL_PARTS = ("voice", "browser")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if any(item.get_closest_marker(name) for name in REAL_PARTS):
            item.add_marker(pytest.mark.xdist_group("real-parts"))
