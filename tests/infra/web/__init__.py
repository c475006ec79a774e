"""What stands around every route: problems, headers, limits, and who may call it."""
