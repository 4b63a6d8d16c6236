"""The workbench for campaigns: records, members, and the status log that only grows."""

from campaigns.admin import members, records, status_log

__all__ = ["members", "records", "status_log"]
