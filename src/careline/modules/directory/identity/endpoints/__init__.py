"""HTTP of identity, a file for each part: who calls and their session, their own account, the directory with its audit,
second factors, service accounts, and the first password.
"""
