"""Files kept whole, within bounds, and never outside their folder."""
