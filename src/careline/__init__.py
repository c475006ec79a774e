"""Careline: the customer-service centre of a mobile operator as one open-source system.

The house is described in docs/architecture.md. Imports go one way:
entrypoints → bootstrap → adapters → modules → infra → kernel.
"""

__version__ = "0.1.0.dev0"
