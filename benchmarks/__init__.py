"""What Careline claims about speed, measured: one script a claim, run by ``python -m benchmarks [name …]``.

Owns the scripts, the harness that all of them use, and the table of figures in docs/performance.md. Promises: every
figure is one JSON line, the median of interleaved rounds, beside a yardstick measured in the same run on the same
input, and a script ends within its own limit of time. Publishes ``artifacts/benchmarks.jsonl`` and the table.
"""
