"""placeholder until merged"""
from urllib.parse import urlsplit

def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".").lower()
