"""What every module stands on: database, event bus, jobs, realtime, settings, telemetry, storage.

Knows nothing of customer service. Each part is a small port of our own, so that the embedded size (one process,
SQLite) and the cluster size (PostgreSQL, NATS) run the same modules.
"""
