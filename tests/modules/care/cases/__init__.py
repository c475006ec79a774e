"""Cases: states, numbers, the doors, and what screens hear."""
