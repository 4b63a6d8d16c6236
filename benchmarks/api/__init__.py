"""The API beside its limits: see ``__main__``."""
