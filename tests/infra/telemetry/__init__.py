"""What the process says about itself, and what it never says."""
