"""The use cases of surveys: a score is given over the web, or asked for by a flow."""
