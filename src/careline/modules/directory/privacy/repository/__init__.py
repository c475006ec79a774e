"""Statements of requests about one's own data: the requests, what a tenant set, and who took which copy."""
