"""The language of flows and its interpreter. Pure but for the channel it is given: no database, no clock, no module."""
