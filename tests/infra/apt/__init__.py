"""The private package state, against packages made here and an apt-get that is played by a script."""
