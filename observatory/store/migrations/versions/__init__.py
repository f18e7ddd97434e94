"""One file per revision, listed in ``observatory.store.stamp.REVISIONS``."""
