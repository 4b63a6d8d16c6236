"""BILLSTATUS, the XML of govinfo.gov's bulk data on bills of Congress: pure.

Shape: ``BILLSTATUS-XML_User_User-Guide.md`` of usgpo/bill-status; the elements of version 3 are
those of the Congress.gov API, and older files call two of them ``billNumber`` and ``billType``.
A file says in one answer, without a key, what the API says in two.
"""

from __future__ import annotations

from xml.parsers import expat

from sources.causes import Cause
from sources.extraction.errors import Unreadable
from sources.extraction.json_text import Json

_SINGLE = frozenset(
    {"number", "billNumber", "type", "billType", "congress", "title", "introducedDate"}
)
_BILL = ("billStatus", "bill")
_ACTION = (*_BILL, "actions", "item")
_LAW = (*_BILL, "laws", "item")
_IN_ACTION = frozenset({"actionDate", "text", "type", "actionCode"})
_IN_LAW = frozenset({"type", "number"})
_DEEPEST = 50


class _Collector:
    """Gathers the few elements that matter, by where they stand."""

    def __init__(self) -> None:
        self.bill: dict[str, Json] = {}
        self.actions: list[Json] = []
        self.laws: list[Json] = []
        self._path: list[str] = []
        self._words: list[str] = []
        self._item: dict[str, Json] = {}

    def start(self, name: str, _: object) -> None:
        self._path.append(name)
        if len(self._path) == 1 and name != "billStatus":
            raise Unreadable(Cause.WRONG_TYPE, f"<{name[:60]}> instead of <billStatus>")
        if len(self._path) > _DEEPEST:
            raise Unreadable(Cause.TOO_LARGE, "the XML is nested too deep")
        self._words = []
        if tuple(self._path) in (_ACTION, _LAW):
            self._item = {}

    def text(self, words: str) -> None:
        self._words.append(words)

    def end(self, name: str) -> None:
        path = tuple(self._path)
        self._path.pop()
        words, self._words = "".join(self._words), []
        if path == _ACTION:
            self.actions.append(self._item)
        elif path == _LAW:
            self.laws.append(self._item)
        elif path[:-1] == _BILL and name in _SINGLE:
            self.bill[name] = words
        elif (path[:-1] == _ACTION and name in _IN_ACTION) or (
            path[:-1] == _LAW and name in _IN_LAW
        ):
            self._item[name] = words


def load_billstatus(body: bytes) -> Json:
    """Return what a file says in the shape of the Congress.gov API's two answers together.

    Document types, and so entities, are refused; nothing is fetched.

    Raises:
        Unreadable: ``wrong_type``, ``incomplete``, ``empty``, ``too_large``.
    """
    if not body.strip():
        raise Unreadable(Cause.EMPTY, "the answer has no content")
    collector = _Collector()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise Unreadable(_CAUSES.get(error.code, Cause.WRONG_TYPE), f"XML: {reason}") from error
    return {"bill": collector.bill | {"laws": collector.laws}, "actions": collector.actions}


_CAUSES = {
    expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS]: Cause.INCOMPLETE,
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN]: Cause.INCOMPLETE,
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR]: Cause.INCOMPLETE,
}


def _refuse_doctype(*_: object) -> None:
    raise Unreadable(Cause.WRONG_TYPE, "XML with a document type of its own, or HTML")
