"""The database on both its kinds: tenants apart, transactions whole, the log in commit order, migrations."""
