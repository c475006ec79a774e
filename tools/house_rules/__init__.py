"""Owns the rules of the house that import contracts cannot say: small programs over the source, one class a
rule.

Each rule has a name, a reason and a way out. ``python -m tools.house_rules`` prints every breach as
``path:line: rule – what is wrong; what to do instead`` and ends with exit code 1 when there is one. A line
may be excused with ``house: allow <rule> – <reason>`` in a comment on it or right above it; an excuse
without a reason, for no known rule, or for nothing is a breach itself.
"""
