"""Companies: who is pressed, under which names, with which products."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    """The lowest app of the domain: it imports no other app of ours."""

    name = "companies"
    verbose_name = _("Companies")
