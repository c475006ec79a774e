"""What the endpoints of conversations take and give: of contacts for both sides, and between colleagues."""
