"""The fixtures of the suites that run on real parts as well."""

from tests.voice.support.nodes import bundle, node, real_world

__all__ = ["bundle", "node", "real_world"]
