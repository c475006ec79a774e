"""Shapes of customers' HTTP interface, by subject as the endpoints. Promises to hold no logic. Publishes nothing."""
