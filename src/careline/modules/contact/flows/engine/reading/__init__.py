"""How values are read aloud, in Mandarin and English, and written in a chat. Pure."""
