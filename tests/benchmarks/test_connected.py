"""The measured customers are connected and heard: every figure is reported, and none of them is of nothing."""

import pytest

from benchmarks import connected
from benchmarks.harness import Figure


@pytest.mark.slow
def test_every_figure_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"CUSTOMERS": 30, "BUSY": 8, "OVERLOAD": 16, "WATCHED": 6, "AT_ONCE": 7, "ROUNDS": 2, "SECONDS": 0.5}
    for name, value in sizes.items():
        monkeypatch.setattr(connected, name, value)
    said: dict[str, Figure] = {}
    connected.run(lambda figure: said.update({figure.name: figure}))
    assert list(said) == [
        "connected.messages_per_s.customers_30",
        "connected.customer_to_agent_p50_ms.customers_30",
        "connected.customer_to_agent_p99_ms.customers_30",
        "connected.server_cpu_us_per_message.customers_30",
        "connected.clients_cpu_us_per_message.customers_30",
        "connected.goodput_share.writers_16",
        "connected.memory_mb.customers_30",
        "connected.back_after_s.customers_30",
    ]
    assert all(figure.value > 0 and figure.ratio for figure in said.values())
