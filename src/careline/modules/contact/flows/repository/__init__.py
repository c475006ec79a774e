"""Flows' own tables read and written: flows and places, versions, connections, counts of steps."""
