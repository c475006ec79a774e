"""What screens hear of conversations: both sides of a chat, the desk, and colleagues among themselves."""
