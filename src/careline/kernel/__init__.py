"""What every other part may use and that uses none of ours: errors, ids, time, money, tenancy, paging and the
envelope of events. Pure values and small protocols; no I/O but reading the clock and the random source.
"""
