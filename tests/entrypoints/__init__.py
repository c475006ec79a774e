"""Tests of the processes: web server, command line, demo data."""
