"""HTTP of identity, a file for each part: who calls and their session, their own account, second factors, service
accounts, the first password; users, roles, the organisation and the audit. What administrators change carries the
version that they saw.
"""
