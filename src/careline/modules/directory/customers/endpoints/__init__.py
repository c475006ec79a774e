"""HTTP of customers, by subject: customers with their record, merging. Promises that every route names a permission.
Publishes nothing.
"""
