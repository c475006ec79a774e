"""Analytics: the projection, the figures and the floor."""
