"""Full text over the records of the domain, the same on SQLite and PostgreSQL.

``parse_search`` reads what a user typed; ``search_records`` finds the records; the index is put
beside the tables by ``campaigns.search.installing`` after every ``migrate``.
"""

from campaigns.search.reading import NEWEST_RANKED, is_found, rank_records, search_records
from campaigns.search.terms import InvalidSearch, Kind, Search, Shape, Term, parse_search

__all__ = [
    "NEWEST_RANKED",
    "InvalidSearch",
    "Kind",
    "Search",
    "Shape",
    "Term",
    "is_found",
    "parse_search",
    "rank_records",
    "search_records",
]
