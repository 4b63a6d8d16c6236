"""The workbench for sources: what is polled, and the queue of findings to review."""

from sources.admin import findings, sources

__all__ = ["findings", "sources"]
