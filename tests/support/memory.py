"""What one test made is gone before the next one, so that a long run does not become slower and slower.

Most of what lives during a run was imported or collected and stays to its end; the garbage collector need not look at
it again and again. And FastAPI remembers the endpoints that it has seen lately, and with them all that they reach:
the whole application of a test that is over, its database and every statement compiled for it.
"""

import gc

from fastapi.dependencies import models

_REMEMBERED = [cached.cache_clear for cached in vars(models).values() if hasattr(cached, "cache_clear")]


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish() -> None:
    for forget in _REMEMBERED:
        forget()
