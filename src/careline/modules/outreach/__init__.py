"""How the centre comes to its customers: surveys, and later campaigns."""
