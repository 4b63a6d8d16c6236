"""The workbench for sources: what is polled and kept, and what waits for a person."""

from sources.admin import findings, quotes, snapshots, sources

__all__ = ["findings", "quotes", "snapshots", "sources"]
