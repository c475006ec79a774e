"""The fixtures of tests/voice."""

from tests.voice.support.nodes import bundle, node, real_world

__all__ = ["bundle", "node", "real_world"]
