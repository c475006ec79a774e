"""Owns how a tenant's widget and customer page look, and which other sites may carry them.

Promises: what customers see changes by publishing alone, and any look that was published can be published again; words
on the tenant's colour can be read; a picture is what it says it is and small. Publishes when a look was published.
"""
