"""What a subscription or an endpoint wants to hear about, as columns that a query can match."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Campaign, Organization, Topic
from campaigns.statuses import Status
from companies.models import Company, Product

NOTHING = "none"
"""Stands for "nothing was on record" among the statuses that came before."""

_RELATIONS = ("campaign", "company", "organization", "topic", "product")


class Criteria(models.Model):
    """A filter: what is given must all be true; where nothing is given, everything is wanted.

    Statuses are kept as ``",paused,expired,"``, so that both databases find one among several by
    the same plain condition; an empty text wants any.
    """

    campaign = models.ForeignKey(
        Campaign,
        verbose_name=gettext_lazy("campaign"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    company = models.ForeignKey(
        Company,
        verbose_name=gettext_lazy("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    includes_subsidiaries = models.BooleanField(
        gettext_lazy("with its subsidiaries"),
        default=True,
        help_text=gettext_lazy("Who follows Amazon hears of Ring, too."),
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=gettext_lazy("organization"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    topic = models.ForeignKey(
        Topic,
        verbose_name=gettext_lazy("topic"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    product = models.ForeignKey(
        Product,
        verbose_name=gettext_lazy("product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    to_statuses = models.CharField(
        gettext_lazy("to one of these statuses"), max_length=250, blank=True
    )
    from_statuses = models.CharField(
        gettext_lazy("from one of these statuses"), max_length=250, blank=True
    )

    class Meta:
        abstract = True

    @property
    def statuses_reached(self) -> list[str]:
        """The statuses wanted; empty for any."""
        return unpacked(self.to_statuses)

    @property
    def statuses_left(self) -> list[str]:
        """The statuses before that are wanted, :data:`NOTHING` among them; empty for any."""
        return unpacked(self.from_statuses)

    def in_words(self) -> str:
        """Return what is wanted, in the active language: "IBM and its subsidiaries, topic: …"."""
        parts = [self._pressed()]
        if self.product:
            parts.append(_("product: %(product)s") % {"product": self.product.name})
        if self.organization:
            parts.append(
                _("pressed by %(organization)s") % {"organization": self.organization.name}
            )
        if self.topic:
            parts.append(_("topic: %(topic)s") % {"topic": self.topic.name})
        if self.statuses_reached:
            reached = _or(Status(value).label for value in self.statuses_reached)
            parts.append(_("only changes to %(statuses)s") % {"statuses": reached})
        if self.statuses_left:
            left = _or(
                _("nothing on record") if value == NOTHING else Status(value).label
                for value in self.statuses_left
            )
            parts.append(_("only changes from %(statuses)s") % {"statuses": left})
        return ", ".join(filter(None, parts))

    def _pressed(self) -> str:
        parts = []
        if self.campaign:
            parts.append(_("the campaign “%(campaign)s”") % {"campaign": self.campaign.title})
        if self.company:
            pattern = (
                _("%(company)s and its subsidiaries")
                if self.includes_subsidiaries
                else _("%(company)s without its subsidiaries")
            )
            parts.append(pattern % {"company": self.company.name})
        is_narrow = self.product or self.organization or self.topic
        return ", ".join(parts) or ("" if is_narrow else _("every campaign"))

    @property
    def key(self) -> str:
        """All criteria as one text, the same for the same wish."""
        parts: list[tuple[str, Any]] = [
            (name, getattr(self, f"{name}_id"))
            for name in _RELATIONS
            if getattr(self, f"{name}_id")
        ]
        if self.company_id and not self.includes_subsidiaries:
            parts.append(("alone", 1))
        parts += [("to", self.to_statuses.strip(",")), ("from", self.from_statuses.strip(","))]
        return "&".join(f"{name}={value}" for name, value in parts if value)


def _or(names: Iterable[object]) -> str:
    return _(" or ").join(str(name) for name in names)


def packed(statuses: Iterable[str]) -> str:
    """Return statuses as they are kept: each once, in the order of the list of statuses.

    Raises:
        ValueError: one is no status.
    """
    known, wanted = [*Status.values, NOTHING], set(statuses)
    if unknown := wanted - set(known):
        raise ValueError(f"no status: {', '.join(sorted(unknown))}")
    wanted_in_order = [status for status in known if status in wanted]
    return f",{','.join(wanted_in_order)}," if wanted else ""


def unpacked(kept: str) -> list[str]:
    """Return the statuses, or types of events, of a text that is kept like those."""
    return [status for status in kept.split(",") if status]
