"""The contact itself: flows on top of conversations on top of telephony.

A contact arrives in telephony or conversations, is run through a flow, waits in routing, is answered by a person and
ends with after-contact work.
"""
