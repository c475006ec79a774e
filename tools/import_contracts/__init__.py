"""Contract types that import-linter does not bring, for the rules of docs/architecture.md.

They are registered under ``[tool.importlinter] contract_types`` in pyproject.toml, where the contracts
themselves stand too. Each reads the import graph only, so a rule holds for every module there is or will
be.
"""
