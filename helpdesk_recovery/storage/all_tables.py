"""The metadata with every table in it, the engine's job table too."""

from helpdesk_recovery.storage import jobs, tables
from helpdesk_recovery.storage.schema import metadata

__all__ = ["jobs", "metadata", "tables"]
