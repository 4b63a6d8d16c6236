"""Feeds of status changes, for readers of feeds: what is wanted, a page of it, and its formats."""
