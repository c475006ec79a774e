"""The engine on its own: laws under any commands, and each command for itself."""
