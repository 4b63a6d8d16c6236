"""Another broker for what this process sends through Celery, for a while."""

import pytest
from celery import current_app


def send_to(address: str, patch: pytest.MonkeyPatch) -> None:
    """Let Celery send to a broker until the patch is undone.

    Both pools of connections are put aside. Celery makes the one for all else when it makes that of
    producers, and would keep it: who asks the workers later would ask a broker that is gone.
    """
    patch.setattr(current_app.conf, "broker_write_url", address)
    patch.setattr(current_app, "_pool", None)
    patch.setattr(current_app.amqp, "_producer_pool", None)
