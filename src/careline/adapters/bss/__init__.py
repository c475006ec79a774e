"""Owns the way to the operator's business systems: JSON over HTTP, one request a question.

Promises: only systems that whoever runs the installation has named are asked, through ``infra/egress``; a question is
asked once and has an end; what was asked, answered or proven stands in no log and no failure. Publishes nothing.
"""
