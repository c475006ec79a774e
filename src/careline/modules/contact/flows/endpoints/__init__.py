"""HTTP of flows: written and published, their connections, tried out, and looked back on."""
