"""The log is projected into facts; facts and routing make the floor, the figures and an agent's own day."""
