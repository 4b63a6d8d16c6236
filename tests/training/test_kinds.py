"""Words are grouped by their stems, the most frequent first."""

from sources.detection.tokens import stem
from training.kinds import count_words, forms_by_stem, lines_of_kinds

LINES = [{"title": None, "text": "Corvia suspends sales. It suspended 12 of 12 sales in May."}] * 2


def test_a_stem_stands_in_its_most_frequent_form_and_rare_names_are_left_out() -> None:
    counts = count_words([*LINES, {"title": "Sales", "text": "Rhodri sells."}])

    forms = forms_by_stem(counts, ["halted", "the", "##ing", "7"])

    assert forms[stem("sale")] == "sales"
    assert forms[stem("halt")] == "halted"
    assert not {"the", "rhodri", "12", "7", "##ing"} & {*forms, *forms.values()}


def test_a_kind_is_named_after_its_most_frequent_stem() -> None:
    lines = lines_of_kinds(["halt", "sale", "suspend"], [3, 1, 3], {"suspend": 4, "halt": 1})

    assert list(lines) == ["sale", "suspend halt"]
