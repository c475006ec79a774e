"""Tests of the application over HTTP, of its pages, and of the server as a process."""
