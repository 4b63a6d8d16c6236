"""Training the network that reads a text a second time (``sources/detection/network.py``)."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from sources.detection.impression import Impression
from sources.detection.network import END, MARKS, UNKNOWN, number, read_network
from training.fitting import folds
from training.lessons import Lesson, Vocabulary

_WIDTH, _RECORD, _HIDDEN = 128, 24, 128
"""Numbers that stand for a word in its context, for a status on record, for a whole text."""
_REACH = 5
"""So many words are seen at once."""
_DROPPED, _WORDS_DROPPED = 0.3, 0.08
"""Shares of what is left out at random while learning."""
_ROUNDS, _BATCH, _PACE = 5, 64, 0.002
_SORTED = 50
"""So many batches are sorted by length, so that little is padded."""
_COMPARED, _ROUNDED = 200, 0.05
"""So many lessons are read from the data file, too, and may differ by so much, as it is rounded."""
_STATUS_COUNTS = 0.5
"""How much the status, and which sentence tells it, count beside whether there is a change."""


@dataclass(frozen=True)
class _Batch:
    """Lessons as numbers: words, their sentences, and what is known of each sentence."""

    tokens: Tensor
    homes: Tensor
    about: Tensor
    is_there: Tensor
    tells: Tensor
    demand: Tensor
    record: Tensor
    asks: Tensor
    change: Tensor


class _Net(nn.Module):  # type: ignore[misc]  # PyTorch is no part of the project's environment
    """The network while it learns; ``Network.read`` does the same with one text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        size, wide = vocabulary.vectors.shape[1], _WIDTH
        asked = _RECORD + 1 + size
        self.words = nn.Embedding.from_pretrained(
            torch.tensor(vocabulary.vectors, dtype=torch.float32), freeze=False, padding_idx=0
        )
        self.near = nn.Conv1d(size + 1, wide, _REACH, padding=_REACH // 2)
        self.far = nn.Conv1d(wide, wide, 3, padding=2, dilation=2)
        self.records = nn.Embedding(len(vocabulary.records), _RECORD)
        self.nearby = nn.Conv1d(2 * wide + 2, wide, 3, padding=1)
        self.tells = nn.Linear(wide + asked, 1)
        self.focus = nn.Linear(wide + asked, 1)
        self.hidden = nn.Linear(4 * wide + asked, _HIDDEN)
        self.news = nn.Linear(_HIDDEN, 1)
        self.status = nn.Linear(_HIDDEN, len(vocabulary.statuses))
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, batch: _Batch) -> tuple[Tensor, Tensor, Tensor]:
        """Return the log odds of news, of each status, and that each sentence tells it."""
        there = batch.is_there.unsqueeze(-1)
        named = (batch.demand > 0).float().unsqueeze(-1)
        demand = (self.words(batch.demand) * named).sum(1) / named.sum(1)
        sentences = self._sentences(batch, demand)
        marks = torch.stack((batch.about, torch.zeros_like(batch.about)), -1)
        marks[:, 0, 1] = 1
        told = torch.cat((sentences, marks), -1) * there
        nearby = functional.relu(self.nearby(self.drop(told).transpose(1, 2))).transpose(1, 2)
        nearby = nearby * there
        asked = torch.cat((self.records(batch.record), batch.asks.unsqueeze(1), demand), 1)
        each = torch.cat((nearby, asked.unsqueeze(1).expand(-1, nearby.shape[1], -1)), -1)
        tells = self.tells(each).squeeze(-1)
        focus = self.focus(each).squeeze(-1) + tells
        focus = torch.softmax(focus.masked_fill(batch.is_there == 0, -1e4), 1).unsqueeze(-1)
        most = nearby.masked_fill(there == 0, -1e4).amax(1)
        whole = ((nearby * focus).sum(1), (sentences * focus).sum(1), most, asked)
        hidden = self.drop(functional.relu(self.hidden(self.drop(torch.cat(whole, 1)))))
        return self.news(hidden).squeeze(-1), self.status(hidden), tells

    def _sentences(self, batch: _Batch, demand: Tensor) -> Tensor:
        tokens, count = batch.tokens, batch.is_there.shape[1]
        if self.training:
            lost = (torch.rand(tokens.shape) < _WORDS_DROPPED) & (tokens > 0)
            tokens = tokens.masked_fill(lost, MARKS.index(UNKNOWN))
        is_word = (tokens > 0).float().unsqueeze(1)
        words = self.words(tokens)
        like = functional.cosine_similarity(words, demand.unsqueeze(1), dim=-1).unsqueeze(-1)
        rows = torch.cat((words, like), -1).transpose(1, 2)
        rows = functional.relu(self.near(self.drop(rows))) * is_word
        rows = rows + functional.relu(self.far(self.drop(rows))) * is_word
        rows = rows.transpose(1, 2)
        places = batch.homes.unsqueeze(-1).expand_as(rows)
        zeros = torch.zeros(len(tokens), count + 1, rows.shape[2])
        most = zeros.scatter_reduce(1, places, rows, "amax")[:, :count]
        whole = zeros.scatter_add(1, places, rows)[:, :count]
        sizes = zeros[..., 0].scatter_add(1, batch.homes, is_word[:, 0])[:, :count]
        return torch.cat((most, whole / sizes.clamp(min=1).unsqueeze(-1)), -1)


class Teacher:
    """Teaches networks on lessons, and lets them read.

    Args:
        lessons: all lessons, those to learn and those to read.
        vocabulary: what a network starts with.
        say: is told each round.
    """

    def __init__(
        self, lessons: Sequence[Lesson], vocabulary: Vocabulary, say: Callable[[str], None]
    ) -> None:
        self._lessons, self._vocabulary, self._say = lessons, vocabulary, say
        self._numbers = [number(vocabulary.words, one.question) for one in lessons]
        self._sizes = np.array([len(tokens) for tokens, _, _ in self._numbers])

    def read_unseen(self, files: Sequence[str]) -> list[Impression]:
        """Return what networks say of lessons that were taught those of other files.

        Args:
            files: the file of each lesson.
        """
        found: dict[int, Impression] = {}
        for turn, (others, these) in enumerate(folds(files).split(files, groups=files), start=1):
            self._say(f"the network reads a quarter with what the others teach: {turn}")
            told = self.read(self.teach(others), these)
            found.update(zip(these.tolist(), told, strict=True))
        return [found[place] for place in range(len(files))]

    def teach_all(self) -> bytes:
        """Return a network that has learnt all lessons, as its data file holds it.

        Raises:
            ValueError: the data file reads otherwise than was learnt.
        """
        net = self.teach(np.arange(len(self._lessons)))
        packed = pack(net, self._vocabulary)
        some = np.arange(min(_COMPARED, len(self._lessons)))
        reader = read_network(packed)
        for lesson, told in zip(self._lessons, self.read(net, some), strict=False):
            if abs(reader.read(lesson.question).news - told.news) > _ROUNDED:
                raise ValueError("the network reads otherwise than it learnt: nothing is written")
        return packed

    def teach(self, places: np.ndarray) -> _Net:
        """Return a network that has learnt the lessons at some places."""
        torch.manual_seed(0)
        chance = np.random.default_rng(0)
        net = _Net(self._vocabulary)
        learner = torch.optim.AdamW(net.parameters(), weight_decay=0.01)
        steps = _ROUNDS * (len(places) // _BATCH + 1)
        pace = torch.optim.lr_scheduler.OneCycleLR(learner, _PACE, steps, pct_start=0.15)
        for turn in range(_ROUNDS):
            net.train()
            losses = []
            for chosen in self._batches(chance.permutation(places), chance):
                loss = self._loss(net, self._batch(chosen))
                learner.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                learner.step()
                pace.step()
                losses.append(loss.item())
            self._say(f"the network, round {turn + 1} of {_ROUNDS}: loss {np.mean(losses):.3f}")
        return net

    def read(self, net: _Net, places: np.ndarray) -> list[Impression]:
        """Return what a network says of the lessons at some places."""
        net.eval()
        found: dict[int, Impression] = {}
        with torch.no_grad():
            for chosen in np.array_split(places, len(places) // _BATCH + 1):
                news, status, _ = net(self._batch(chosen))
                shares = torch.softmax(status, 1).tolist()
                told = map(Impression, news.tolist(), shares)
                found.update(zip(chosen.tolist(), told, strict=True))
        return [found[place] for place in places.tolist()]

    def _batches(self, places: np.ndarray, chance: np.random.Generator) -> list[np.ndarray]:
        """Return places in batches of like length, in random order."""
        batches = []
        for start in range(0, len(places), _BATCH * _SORTED):
            some = places[start : start + _BATCH * _SORTED]
            some = some[np.argsort(self._sizes[some])]
            batches += [some[at : at + _BATCH] for at in range(0, len(some), _BATCH)]
        return [batches[at] for at in chance.permutation(len(batches))]

    def _loss(self, net: _Net, batch: _Batch) -> Tensor:
        news, status, tells = net(batch)
        is_change = batch.change >= 0
        loss = functional.binary_cross_entropy_with_logits(news, is_change.float())
        if is_change.any():
            told = functional.cross_entropy(status[is_change], batch.change[is_change])
            loss = loss + _STATUS_COUNTS * told
        counted = batch.is_there[:, 1:]
        missed = functional.binary_cross_entropy_with_logits(tells, batch.tells, reduction="none")
        return loss + _STATUS_COUNTS * (missed[:, 1:] * counted).sum() / counted.sum().clamp(min=1)

    def _batch(self, places: np.ndarray) -> _Batch:
        lessons = [self._lessons[place] for place in places]
        numbers = [self._numbers[place] for place in places]
        count = 1 + max(homes[-1] for _, homes, _ in numbers)
        records, statuses = self._vocabulary.records, self._vocabulary.statuses
        questions = [lesson.question for lesson in lessons]
        each = [homes[-1] for _, homes, _ in numbers]
        width = END + max(len(tokens) for tokens, _, _ in numbers)
        return _Batch(
            tokens=_padded([tokens for tokens, _, _ in numbers], 0, width),
            homes=_padded([homes for _, homes, _ in numbers], count, width),
            about=_padded(
                [[0, *one.about[:n]] for one, n in zip(questions, each, strict=True)], 0, count
            ).float(),
            is_there=_padded([[1] * (1 + n) for n in each], 0, count).float(),
            tells=_padded(
                [[0, *one.tells[:n]] for one, n in zip(lessons, each, strict=True)], 0, count
            ).float(),
            demand=_padded([demand for _, _, demand in numbers], 0),
            record=torch.tensor([records[one.recorded or "none"] for one in questions]),
            asks=torch.tensor([float(one.asks_to_stop) for one in questions]),
            change=torch.tensor(
                [statuses.index(one.change) if one.change else -1 for one in lessons]
            ),
        )


def _padded(rows: Sequence[Sequence[Any]], filler: int, width: int = 0) -> Tensor:
    width = width or max(map(len, rows))
    return torch.tensor([[*map(int, row), *[filler] * (width - len(row))] for row in rows])


def pack(net: _Net, vocabulary: Vocabulary) -> bytes:
    """Return a network as its data file holds it, in half precision."""
    state = {name: one.detach().numpy() for name, one in net.state_dict().items()}
    convolutions = {"near": "words_near", "far": "words_far", "nearby": "nearby"}
    arrays = {"words": state["words.weight"], "records": state["records.weight"]}
    for ours, theirs in convolutions.items():
        arrays[theirs] = state[f"{ours}.weight"].transpose(2, 1, 0)
        arrays[f"{theirs}_bias"] = state[f"{ours}.bias"]
    # Which sentence tells it decides where to look.
    arrays["focus"] = (state["focus.weight"] + state["tells.weight"])[0]
    arrays["focus_bias"] = state["focus.bias"] + state["tells.bias"]
    arrays["hidden"], arrays["hidden_bias"] = state["hidden.weight"].T, state["hidden.bias"]
    arrays["news"], arrays["news_bias"] = state["news.weight"][0], state["news.bias"][0]
    arrays["status"], arrays["status_bias"] = state["status.weight"].T, state["status.bias"]
    half = {name: np.asarray(one, np.float16) for name, one in arrays.items()}
    names = {
        "names_words": np.array(list(vocabulary.words)),
        "names_records": np.array(list(vocabulary.records)),
        "names_statuses": np.array(vocabulary.statuses),
    }
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **names, **half)
    return file.getvalue()
