"""What counts as a score. Pure."""

LOWEST, HIGHEST = 1, 5

KEYS = frozenset(str(score) for score in range(LOWEST, HIGHEST + 1))
"""The keys that a caller can rate with."""

COMMENT_MAX = 500
