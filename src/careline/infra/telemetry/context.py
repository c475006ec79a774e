"""Which request the running code works for, so that its log lines can be found together."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("careline_request_id", default=None)
"""None outside a request: timers, jobs, calls."""
