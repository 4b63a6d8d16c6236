"""The workbench for campaigns: records, and the status log that only grows."""

from campaigns.admin import records, status_log

__all__ = ["records", "status_log"]
