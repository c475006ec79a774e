"""Owns messages that customers leave when nobody can serve them, and how they want to be reached.

Promises: a message that was confirmed is durable and is a case, opened once however often it was sent; it is taken only
where a flow has asked for one, once for each time it asked, and floods are refused. How to reach the customer is
personal: it stands in its table only, is shown masked, is revealed by permission and into the audit trail, and is
removed when it has served. The words of consent that stood under the form are kept with what was left. A message waits
as work of its queue when that takes messages, and its case goes the way of that work: taken with it, resolved with its
wrap-up, and the other way round. Brings the step ``take_message`` to flows, and publishes that a message was left.
"""
