"""Owns flows – what a machine does with a customer, as versioned data – and runs them.

A flow is a graph of steps, separate from its drawing, checked before it is published; a running contact stays on the
version that it began with. The same interpreter serves calls and chats; what a channel cannot do it leaves out.
Promises: every step has a way on; a caller is never left in a flow that nobody runs – after a restart it is taken up
again, and a step that fails leads to the flow's safety step, then to the safe dialplan. Recording is allowed only
after a step that announces it. Steps that belong to a module above are registered by bootstrap as ``StepHandler``.
What is keyed secretly stays in memory and goes to the business system that a flow asks, and nowhere else. Owns the
connections to such systems, and counts how contacts went from the event log. Publishes which way each contact took.
"""
