"""The business, by domain: insight, improve, outreach, the four wings, care, contact, core, directory.

A line above may call a line below through its ``facade``; news goes up through ``events``; what both carry are the
records of ``views``. Nothing else of a module may be imported from outside it.
"""
