"""One file per revision, listed in ``observatory.store.tables.REVISIONS``."""
