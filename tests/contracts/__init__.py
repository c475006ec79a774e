"""One suite for each port, passed by every adapter of it and by its fake."""
