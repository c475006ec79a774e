"""Owns the demo's crowd: made-up customers who chat and, when wanted, the demo's agents who answer them.

Promises: everything goes through the public interface of a running centre, as any customer's page and any desk does it;
there are never more at once than was asked for, and all of it ends by itself at the time that was asked for.
"""
