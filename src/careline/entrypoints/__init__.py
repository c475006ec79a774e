"""Processes and nothing else: the web server, the command line, the demo data; each uses what bootstrap puts together."""
