"""The use cases of cases: changing them, and showing them with the names of people and customers."""
