"""What has to be done after a contact: cases, and later catalog, orders and rectification."""
