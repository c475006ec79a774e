"""The way to business systems."""
