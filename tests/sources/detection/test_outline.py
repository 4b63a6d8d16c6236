"""A sentence as one target sees it."""

from sources.detection import Text, WatchedTarget
from sources.detection.features import features_at
from sources.detection.panorama import Panorama, Reader
from tests.sources.detection.examples import CORVIA, LUMEN

BODY = "Workers urged Lumen Bank to act. Corvia said it would no longer sell FaceLink to police."


def seen_by(target: WatchedTarget, title: str = "") -> Panorama:
    return Panorama(Reader(Text(BODY, title), [CORVIA, LUMEN]), target)


def test_each_target_sees_itself_and_another_in_the_same_sentence() -> None:
    asked, acting = seen_by(CORVIA).views, seen_by(LUMEN).views

    assert (asked[0].outline.names_target, asked[1].outline.names_target) == (False, True)
    assert (acting[0].outline.names_target, acting[1].outline.names_target) == (True, False)
    assert "<watched>" in acting[1].outline.tags
    assert next(iter(acting[0].outline.tags)) == "<critic>"


def test_words_of_the_demand_and_names_are_not_learnt_by_heart() -> None:
    stems = seen_by(CORVIA).views[1].outline.stems

    assert "corvia" not in stems
    assert "police" not in stems
    assert "<demand>" in stems


def test_what_verbs_mean_counts_instead_of_which_verbs_they_are() -> None:
    spaces = dict(features_at(seen_by(CORVIA).views, 1, None, None))

    assert "<it> would not longer (renounce) <product>" in spaces["acts"]


def test_a_headline_and_the_sentences_beside_have_spaces_of_their_own() -> None:
    panorama = seen_by(CORVIA, "Corvia drops police deals")
    spaces = {space for space, _ in features_at(panorama.views, 1, panorama.title, "met")}

    assert {"tags", "tags before", "tags title", "acts title"} <= spaces
    assert "tags after" not in spaces
