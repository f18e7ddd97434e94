"""The database: schema, upgrades, and every SELECT of the project.

Plain SQLAlchemy Core. A read is one SELECT to a frame; a write is one transaction, one actor, one new
data version. The room says nothing in French and refuses with :class:`observatory.errors.StoreError`.
"""
