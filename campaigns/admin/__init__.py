"""The workbench for campaigns: records, members, and the status log that only grows."""

from campaigns.admin import bills, documents, importing, members, records, status_log

__all__ = ["bills", "documents", "importing", "members", "records", "status_log"]

importing.offer_exports()  # once all lists are registered
