"""Jobs on each database, with one kind that only takes notes."""

import pytest

from careline.infra.database.database import Database
from careline.infra.jobs.jobs import Jobs
from tests.infra.jobs.notes import Note, Recorder
from tests.support.clock import FakeClock


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def jobs(database: Database, clock: FakeClock, recorder: Recorder) -> Jobs:
    jobs = Jobs(database, clock)
    jobs.register("test.note", Note, recorder, attempts=3)
    return jobs
