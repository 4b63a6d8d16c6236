"""The verbs of the API: issuing, finding and revoking tokens."""

from api.services.tokens import (
    ExpiredToken,
    NameTaken,
    RevokedToken,
    TokenError,
    UnknownToken,
    find_token,
    issue_token,
    note_use,
    revoke_token,
)

__all__ = [
    "ExpiredToken",
    "NameTaken",
    "RevokedToken",
    "TokenError",
    "UnknownToken",
    "find_token",
    "issue_token",
    "note_use",
    "revoke_token",
]
