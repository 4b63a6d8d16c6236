"""Filters for mails in plain text."""

from django import template

from alerts.messages import WIDTH, wrap

register = template.Library()


@register.filter
def wrapped(text: str) -> str:
    """The text as a paragraph."""
    return wrap(text)


@register.filter
def quoted(text: str) -> str:
    """The text as mail clients show a quotation."""
    return wrap(text, "> ")


@register.filter
def listed(text: str, label: str) -> str:
    """The text as the value of a label, further lines indented."""
    return wrap(text, f"{label}: ", "    ")


@register.filter
def itemized(text: str) -> str:
    """The text as an item of a list."""
    return wrap(text, "- ", "  ")


@register.filter
def underlined(text: str) -> str:
    """The text as a heading."""
    heading = wrap(text)
    longest = max((len(line) for line in heading.splitlines()), default=0)
    return f"{heading}\n{'-' * min(longest, WIDTH)}"
