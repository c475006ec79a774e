"""The tables of analytics: facts written by the projection, counted into figures, and followed back to the log."""
