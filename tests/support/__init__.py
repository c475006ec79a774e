"""What several test folders share: fakes of ports, recorders of what a port was told, small makers of data."""
