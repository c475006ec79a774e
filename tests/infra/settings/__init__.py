"""What an operator sets from outside: read, checked and shown."""
