"""PostgreSQL and Valkey from wheels, for `make run`, `manage.py` and the tests; see docs/adr/0001.

`client` is what the rest of the project uses; `supervisor` is the process that owns the servers.
"""
