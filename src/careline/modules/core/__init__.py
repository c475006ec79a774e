"""What every contact needs and that knows no channel: routing."""
