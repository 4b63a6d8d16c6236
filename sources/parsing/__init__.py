"""Parsing is untrusted code at work: it runs in child processes that can be killed.

A page that takes for ever, wants all memory or crashes a library costs the poller one child and
the source one failed poll. Children have no network to speak of, no secrets in their environment
and bounds on CPU, memory, time and what they answer; a few of them stay warm, so that a job costs
little more than its parsing. What they answer is data, and checked.
"""

from sources.parsing.limits import ParserLimits
from sources.parsing.pool import ParserPool, parsers
from sources.parsing.worker import ParserError

__all__ = ["ParserError", "ParserLimits", "ParserPool", "parsers"]
