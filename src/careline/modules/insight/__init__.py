"""What is known about the centre as a whole: analytics, and later history and metering."""
