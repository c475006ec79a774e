"""The routing engine: which waiting item goes to which agent, for every medium, and why.

Owns the model of queues, agents, work items and offers, and the decisions about them. Promises: pure
(standard library and kernel only), time as an argument, the same commands give the same effects, never two
agents for one item, never more than an agent's capacity, nothing starves, no item waits that a free agent
could serve. Publishes nothing: its owner, the routing service, turns effects into events. The simulator and
the property tests run the same code.
"""
