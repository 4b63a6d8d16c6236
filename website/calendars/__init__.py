"""Calendars of what is to end or to be reviewed on a day."""
