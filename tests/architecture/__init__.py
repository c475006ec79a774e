"""The rules of the house, each seen to fail on a planted breach and to pass on a clean tree."""
