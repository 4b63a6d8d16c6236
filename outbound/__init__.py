"""The one safe way we make HTTP requests to the outside: bounded, and to public addresses only."""
