"""The measurements themselves: what they run, count, compare and record."""
