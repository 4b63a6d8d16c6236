"""Which texts are searched, and which texts belong to which records.

Only what is public wherever the record is public belongs to it. Where a draft could come between,
the way leads through a published campaign, so that a word of a draft finds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_TEXT = 10_000
"""Characters of each text that are searched: what PostgreSQL can number the words of."""


@dataclass(frozen=True)
class SearchedTable:
    """A table with texts.

    Attributes:
        texts: its columns, each with its weight: A names and titles, B demands and terms,
            C descriptions and summaries, D quotes.
    """

    key: str
    texts: dict[str, str]

    def columns(self, *, names_only: bool) -> list[str]:
        """The columns with texts, or those of them that hold names and titles."""
        return [text for text, weight in self.texts.items() if weight == "A" or not names_only]


TABLES = {
    "companies_company": SearchedTable("id", {"name": "A", "description": "C"}),
    "companies_alias": SearchedTable("id", {"name": "A"}),
    "companies_product": SearchedTable("id", {"name": "A", "description": "C"}),
    "campaigns_organization": SearchedTable("id", {"name": "A", "description": "C"}),
    "campaigns_topic": SearchedTable("id", {"name": "A", "description": "C"}),
    "campaigns_campaign": SearchedTable("id", {"title": "A", "summary": "C"}),
    "campaigns_target": SearchedTable("id", {"demand": "B"}),
    "campaigns_action": SearchedTable("id", {"title": "A", "description": "C"}),
    "campaigns_response": SearchedTable("id", {"summary": "C"}),
    "campaigns_outcome": SearchedTable("id", {"terms": "B", "scope": "B", "condition": "B"}),
    "campaigns_exemption": SearchedTable("id", {"name": "A"}),
    "campaigns_statuschange": SearchedTable("sequence", {"summary": "C"}),
    "campaigns_bill": SearchedTable("id", {"identifier": "A", "title": "A", "jurisdiction": "C"}),
    "campaigns_position": SearchedTable("id", {"summary": "C"}),
    "campaigns_document": SearchedTable("id", {"title": "A", "publisher": "C"}),
    "campaigns_citation": SearchedTable("id", {"quote": "D"}),
}


@dataclass(frozen=True)
class Belonging:
    """Texts that belong to records.

    Attributes:
        table: where the texts are.
        joins: SQL that leads from a text, ``s``, to the record it belongs to.
        record: SQL for the key of that record; NULL where there is none.
        condition: SQL that must hold for the text to belong to it.
        is_own: whether these are the record's own texts.
    """

    table: str
    record: str
    joins: str = ""
    condition: str = "true"
    is_own: bool = False

    @property
    def names_only(self) -> bool:
        """Whether only the name of what is there belongs to the record, not its description."""
        return self.table in _NAMED and not self.is_own


_NAMED = {
    "companies_company",
    "companies_product",
    "campaigns_organization",
    "campaigns_topic",
    "campaigns_campaign",
}
_PUBLISHED = "c.published_at IS NOT NULL"
_CAMPAIGN_OF_TARGET = "JOIN campaigns_campaign c ON c.id = t.campaign_id"


def _named_company(joins: str, record: str) -> tuple[Belonging, ...]:
    """The names of a company: ``joins`` and ``record`` start from its key, ``{company}``."""
    return (
        Belonging("companies_company", record, joins.format(company="s.id")),
        Belonging("companies_alias", record, joins.format(company="s.company_id")),
    )


_CITATION = "campaigns_citation"

BELONGINGS: dict[str, tuple[Belonging, ...]] = {
    "companies_company": (
        Belonging("companies_alias", "s.company_id"),
        # A product that only drafts are about would announce them.
        Belonging(
            "companies_product",
            "s.company_id",
            f"JOIN campaigns_target t ON t.product_id = s.id {_CAMPAIGN_OF_TARGET}",
            _PUBLISHED,
        ),
    ),
    "campaigns_organization": (),
    "campaigns_topic": (),
    "campaigns_campaign": (
        Belonging(
            "campaigns_organization",
            "m.campaign_id",
            "JOIN campaigns_campaign_organizations m ON m.organization_id = s.id",
        ),
        Belonging(
            "campaigns_topic",
            "m.campaign_id",
            "JOIN campaigns_campaign_topics m ON m.topic_id = s.id",
        ),
        Belonging("campaigns_target", "s.campaign_id"),
        *_named_company("JOIN campaigns_target t ON t.company_id = {company}", "t.campaign_id"),
    ),
    "campaigns_target": (
        *_named_company("JOIN campaigns_target t ON t.company_id = {company}", "t.id"),
        Belonging("companies_product", "t.id", "JOIN campaigns_target t ON t.product_id = s.id"),
        Belonging("campaigns_campaign", "t.id", "JOIN campaigns_target t ON t.campaign_id = s.id"),
        Belonging("campaigns_outcome", "s.target_id"),
        Belonging(
            "campaigns_exemption",
            "o.target_id",
            "JOIN campaigns_outcome o ON o.id = s.outcome_id",
        ),
        Belonging(_CITATION, "o.target_id", "JOIN campaigns_outcome o ON o.id = s.outcome_id"),
        Belonging(
            _CITATION,
            "h.target_id",
            "JOIN campaigns_statuschange h ON h.sequence = s.status_change_id",
        ),
    ),
    "campaigns_action": (
        Belonging("campaigns_campaign", "a.id", "JOIN campaigns_action a ON a.campaign_id = s.id"),
        Belonging(
            "campaigns_organization",
            "m.action_id",
            "JOIN campaigns_action_organizations m ON m.organization_id = s.id",
        ),
        Belonging(_CITATION, "s.action_id"),
    ),
    "campaigns_response": (
        *_named_company(
            "JOIN campaigns_target t ON t.company_id = {company} "
            "JOIN campaigns_response r ON r.target_id = t.id",
            "r.id",
        ),
        Belonging(_CITATION, "s.response_id"),
    ),
    "campaigns_outcome": (
        *_named_company(
            "JOIN campaigns_target t ON t.company_id = {company} "
            "JOIN campaigns_outcome o ON o.target_id = t.id",
            "o.id",
        ),
        Belonging("campaigns_exemption", "s.outcome_id"),
        Belonging(_CITATION, "s.outcome_id"),
    ),
    "campaigns_statuschange": (
        *_named_company(
            "JOIN campaigns_target t ON t.company_id = {company} "
            "JOIN campaigns_statuschange h ON h.target_id = t.id",
            "h.sequence",
        ),
        Belonging(
            "campaigns_campaign",
            "h.sequence",
            "JOIN campaigns_target t ON t.campaign_id = s.id "
            "JOIN campaigns_statuschange h ON h.target_id = t.id",
        ),
        Belonging(
            "campaigns_outcome",
            "h.sequence",
            "JOIN campaigns_statuschange h ON h.outcome_id = s.id",
        ),
        Belonging(_CITATION, "s.status_change_id"),
    ),
    "campaigns_bill": (),
    "campaigns_position": (
        *_named_company("JOIN campaigns_position p ON p.company_id = {company}", "p.id"),
        Belonging("campaigns_bill", "p.id", "JOIN campaigns_position p ON p.bill_id = s.id"),
        Belonging(_CITATION, "s.position_id"),
    ),
    "campaigns_document": (
        # The same document may support facts of drafts: their quotes stay unsaid.
        Belonging(
            _CITATION,
            "s.document_id",
            "JOIN campaigns_action a ON a.id = s.action_id "
            "JOIN campaigns_campaign c ON c.id = a.campaign_id",
            _PUBLISHED,
        ),
        *(
            Belonging(
                _CITATION,
                "s.document_id",
                f"JOIN {fact} f ON f.{key} = s.{column} "
                f"JOIN campaigns_target t ON t.id = f.target_id {_CAMPAIGN_OF_TARGET}",
                _PUBLISHED,
            )
            for fact, key, column in (
                ("campaigns_response", "id", "response_id"),
                ("campaigns_outcome", "id", "outcome_id"),
                ("campaigns_statuschange", "sequence", "status_change_id"),
            )
        ),
        Belonging(_CITATION, "s.document_id", condition="s.position_id IS NOT NULL"),
    ),
}
"""Tables whose records can be searched for, each with the texts that belong to its records."""
