"""Deadlines that stand still while we wait for something that is not the host's doing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def suspended(deadline: asyncio.Timeout) -> AsyncIterator[None]:
    """Let `deadline`, which is running, stand still meanwhile."""
    clock = asyncio.get_running_loop().time
    left = (deadline.when() or 0.0) - clock()
    deadline.reschedule(None)
    try:
        yield
    finally:
        deadline.reschedule(clock() + left)
