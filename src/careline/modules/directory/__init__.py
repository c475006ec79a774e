"""Who everybody is: people on top of customers on top of identity.

Tenants, users and what they may do; the operator's customers with their lines; the agents with skills and capacity.
"""
