"""Work to be done later: kept with the change that asked for it, done at least once, given up in the open."""
