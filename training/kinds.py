"""Group words by what they mean: ``python -m training.kinds FOLDER …``.

Writes ``sources/detection/kinds.txt`` from the words of the labelled passages below the folders
and the vocabulary of all-MiniLM-L6-v2 (Apache 2.0), whose vectors say which words are alike. The
file is kept with the project: the package that carries the model needs PyTorch. Some five minutes.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path

import numpy as np

from sources.detection.kinds import FILE
from sources.detection.lexicon import lexicon
from sources.detection.tokens import stem, tokenize
from training.passages import FILLERS, read_lines
from training.vectors import known_words, vectors_of

_KINDS = 1024
_LEAST_TOLD = 3
"""A word that the model does not know is grouped if the passages say it so often."""


def count_words(lines: Iterable[Mapping[str, object]]) -> Counter[str]:
    """Return how often passages say each word, in lower case."""
    texts = (f"{line.get('title') or ''} {line['text']}" for line in lines)
    return Counter(token.low for text in texts for token in tokenize(text) if token.is_word)


def forms_by_stem(counts: Mapping[str, int], vocabulary: Iterable[str]) -> dict[str, str]:
    """Return the most frequent form of each stem, but for figures and fillers.

    Args:
        counts: how often the passages say each word.
        vocabulary: other words that are worth grouping; pieces of words and figures are not.
    """
    known = set(vocabulary)
    words = known | {word for word, count in counts.items() if count >= _LEAST_TOLD}
    synonyms = lexicon().synonyms
    forms: dict[str, str] = {}
    for word in sorted(words, key=lambda one: (-counts.get(one, 0), len(one), one)):
        if len(word) > 1 and word.isascii() and word.replace("-", "").isalpha():
            found = stem(word)
            forms.setdefault(synonyms.get(found, found), word)
    return {found: form for found, form in forms.items() if found not in FILLERS}


def lines_of_kinds(
    stems: Sequence[str], groups: Sequence[int], counts: Mapping[str, int]
) -> Iterator[str]:
    """Yield each group as the data file holds it, the most frequent stem first."""
    kinds: dict[int, list[str]] = defaultdict(list)
    for one, group in zip(stems, groups, strict=True):
        kinds[group].append(one)
    ranked = [sorted(kind, key=lambda one: (-counts.get(one, 0), one)) for kind in kinds.values()]
    yield from sorted(map(" ".join, ranked))


def group(folders: list[Path]) -> str:
    """Return the data file of kinds for the passages below some folders."""
    # Here alone, as only ``make train`` installs it.
    from sklearn.cluster import MiniBatchKMeans

    counts = count_words(read_lines(folders))
    forms = forms_by_stem(counts, known_words())
    stem_counts: Counter[str] = Counter()
    for word, count in counts.items():
        stem_counts[stem(word)] += count
    vectors = vectors_of(list(forms.values()))
    often = np.sqrt([stem_counts[one] + 1 for one in forms])
    learner = MiniBatchKMeans(_KINDS, random_state=0, n_init=3, batch_size=4096)
    groups = learner.fit(vectors, sample_weight=often).predict(vectors)
    return "\n".join(lines_of_kinds(list(forms), groups.tolist(), stem_counts)) + "\n"


if __name__ == "__main__":
    path = Path(str(resources.files("sources.detection").joinpath(FILE)))
    path.write_text(group([Path(one) for one in sys.argv[1:]]), "utf-8")
    sys.stdout.write(f"{path}: {len(path.read_text('utf-8').splitlines())} kinds\n")
