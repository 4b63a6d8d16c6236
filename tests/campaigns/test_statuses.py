"""Which steps between statuses make sense."""

import pytest

from campaigns.statuses import CONCEDED, MEANINGS, Status, is_step


@pytest.mark.parametrize("status", Status)
def test_no_status_follows_itself(status: Status) -> None:
    assert not is_step(status, status)


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_meaning_for_people(status: Status) -> None:
    assert MEANINGS[status]


@pytest.mark.parametrize("status", sorted(CONCEDED))
def test_what_was_conceded_can_lapse_and_be_walked_back(status: Status) -> None:
    assert is_step(status, Status.EXPIRED)
    assert is_step(status, Status.REVERSED)


MAY_HAVE_WON_BEFORE = {Status.IN_COURT, Status.UNDER_REVIEW}


@pytest.mark.parametrize("status", sorted(frozenset(Status) - CONCEDED - MAY_HAVE_WON_BEFORE))
def test_what_was_not_conceded_can_neither_lapse_nor_be_walked_back(status: Status) -> None:
    assert not is_step(status, Status.EXPIRED)
    assert not is_step(status, Status.REVERSED)


def test_a_demand_is_first_made_when_nothing_is_on_record_or_after_it_was_dropped() -> None:
    makers = {status for status in [None, *Status] if is_step(status, Status.CALLED_ON)}

    assert makers == {None, Status.WITHDRAWN}


def test_nothing_but_a_new_demand_follows_a_withdrawal() -> None:
    assert [to for to in Status if is_step(Status.WITHDRAWN, to)] == [Status.CALLED_ON]


@pytest.mark.parametrize("status", [Status.EXPIRED, Status.REVERSED, Status.WITHDRAWN])
def test_an_empty_record_has_nothing_to_lapse_reverse_or_withdraw(status: Status) -> None:
    assert not is_step(None, status)


def test_a_company_may_act_before_anyone_recorded_the_demand() -> None:
    assert is_step(None, Status.MET)
