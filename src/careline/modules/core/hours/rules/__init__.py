"""When a calendar is open, and what official holidays are known as facts. Pure."""
