"""Which role may do what: the table behind ``campaigns.access``, told in docs/permissions.md.

Two kinds of record: those of a campaign, whose rights come from the organizations that it is
shared with; and those that all campaigns share, such as companies.
"""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.models.members import Role

MEMBER, EDITOR, MANAGER = Role.MEMBER, Role.EDITOR, Role.MANAGER


@dataclass(frozen=True, slots=True)
class Grant:
    """The least role that may do something; ``None``: nobody but stewards.

    Attributes:
        draft: in an organization that a draft is shared with.
        public: in an organization that a published campaign is shared with.
        needs_all: whether every campaign that the record is part of must allow it, or one.
    """

    draft: Role | None
    public: Role | None
    needs_all: bool = False

    @property
    def least(self) -> Role:
        """The least role that may do it anywhere."""
        return min((role for role in (self.draft, self.public) if role), key=list(Role).index)


_LOOK = Grant(MEMBER, MEMBER)
_LOG = Grant(MEMBER, EDITOR)
_EDIT = Grant(EDITOR, EDITOR)

OF_CAMPAIGNS: dict[str, Grant] = {
    "campaigns.view_campaign": _LOOK,
    "campaigns.add_campaign": _LOOK,
    "campaigns.change_campaign": _LOG,
    "campaigns.delete_campaign": Grant(EDITOR, None),
    "campaigns.publish_campaign": _EDIT,
    **{
        f"campaigns.{verb}_{model}": _LOOK if verb == "view" else _LOG
        for model in ("target", "action", "response", "citation")
        for verb in ("view", "add", "change", "delete")
    },
    "campaigns.view_document": _LOOK,
    "campaigns.add_document": _LOOK,
    "campaigns.change_document": Grant(MEMBER, EDITOR, needs_all=True),
    "campaigns.view_statuschange": _LOOK,
    "campaigns.add_statuschange": _EDIT,
    "campaigns.view_outcome": _LOOK,
}
"""Of records that belong to campaigns."""

SHARED_BY_ALL: dict[str, Role] = {
    **{
        f"{label}.{verb}_{model}": EDITOR if verb == "change" else MEMBER
        for label, models in (
            ("companies", ("company", "alias", "product")),
            ("campaigns", ("organization", "topic", "bill", "position")),
        )
        for model in models
        for verb in ("view", "add", "change")
    },
    "companies.delete_alias": EDITOR,
    "campaigns.delete_position": EDITOR,
}
"""Of records that every campaign may name: what is changed here changes for all."""
