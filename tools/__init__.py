"""Programs that keep the house in order: they are run by the build and by people, never by the product."""
