"""Processes and nothing else: the web server, the command line, the demo data, each on what bootstrap puts together."""
