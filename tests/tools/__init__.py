"""The programs that provide for a checkout, and the fixtures that start what they brought."""
