"""Files of rules for robots, as tests write and ask them."""

from outbound.robots import Robots

SITE = "https://a.example"


def robots(*lines: str) -> Robots:
    """A file of these lines, as it is understood."""
    return Robots.from_answer(200, "\n".join(lines).encode())


def rules(*lines: str) -> Robots:
    """A file with these rules for everybody."""
    return robots("User-agent: *", *lines)


def allowed(found: Robots, *paths: str) -> list[bool]:
    """Whether each of these paths may be fetched."""
    return [found.allows(SITE + path) for path in paths]
