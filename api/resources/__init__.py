"""Every resource of the API: one file each, one line here."""

from api.resources.actions import ACTIONS
from api.resources.bills import BILLS
from api.resources.campaigns import CAMPAIGNS
from api.resources.companies import COMPANIES
from api.resources.documents import DOCUMENTS
from api.resources.organizations import ORGANIZATIONS
from api.resources.outcomes import OUTCOMES
from api.resources.positions import POSITIONS
from api.resources.responses import RESPONSES
from api.resources.sources import SOURCES
from api.resources.status_changes import STATUS_CHANGES
from api.resources.targets import TARGETS
from api.resources.topics import TOPICS

RESOURCES = (
    COMPANIES,
    ORGANIZATIONS,
    TOPICS,
    CAMPAIGNS,
    TARGETS,
    ACTIONS,
    RESPONSES,
    OUTCOMES,
    STATUS_CHANGES,
    BILLS,
    POSITIONS,
    DOCUMENTS,
    SOURCES,
)
"""In the order in which the API names them."""
