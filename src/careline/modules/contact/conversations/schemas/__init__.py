"""What the endpoints of conversations take and give: of contacts, between colleagues, and to be surer who speaks."""
