"""The nouns of the domain, one file a family; read from top to bottom of this list."""

from campaigns.models.campaigns import Campaign, Organization, Target, Topic
from campaigns.models.commits import CommitTotal, PublicCommit
from campaigns.models.events import Action, Response
from campaigns.models.evidence import PUBLIC, Citation, Document, OldUrl
from campaigns.models.feed import FeedEntry
from campaigns.models.imports import ImportKey, Upload
from campaigns.models.legislation import Bill, Position
from campaigns.models.log import LogHead, StatusChange
from campaigns.models.members import Membership, Role
from campaigns.models.outcomes import Exemption, Outcome

__all__ = [
    "PUBLIC",
    "Action",
    "Bill",
    "Campaign",
    "Citation",
    "CommitTotal",
    "Document",
    "Exemption",
    "FeedEntry",
    "ImportKey",
    "LogHead",
    "Membership",
    "OldUrl",
    "Organization",
    "Outcome",
    "Position",
    "PublicCommit",
    "Response",
    "Role",
    "StatusChange",
    "Target",
    "Topic",
    "Upload",
]
