"""Sites on loopback that watch how they are visited."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from itertools import pairwise
from time import monotonic

from config.demo.site import Page, Site


class WatchedSite(Site):
    """Notes when it is asked, and how many requests it answers at the same time at most."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        super().__init__(address)
        self.moments: list[float] = []
        self.most_at_once = 0
        self.before_answer: Callable[[str], None] = lambda path: None
        """Called with the path of each request while its client waits."""
        self._at_once = 0
        self._counting = threading.Lock()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Page:
        with self._counting:
            self.moments.append(monotonic())
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self.before_answer(path)
            return super().answer(method, path, headers, body)
        finally:
            with self._counting:
                self._at_once -= 1

    def redirect(self, path: str, target: str) -> str:
        """From now on send who asks for a path elsewhere, and return the path's URL."""
        return self.set(path, "", status=301, headers={"Location": target})

    @property
    def shortest_gap(self) -> float:
        """Seconds between those two requests that came soonest after each other."""
        pairs = pairwise(self.moments)
        return min(after - before for before, after in pairs)

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.path for request in self.requests()]
