"""Owns the HTTP process: the application made of all modules' routes, health, the pages, and the server.

Promises: one clear line and an exit code other than 0 when it cannot start; an orderly end on SIGTERM and SIGINT.
"""
