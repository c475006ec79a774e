"""What the endpoints of flows take and give."""
