"""Full text in PostgreSQL: a generated column of lexemes with its index beside each text.

The lexemes are those that FTS5 has on SQLite. The text is folded and cut into words by a function
of our own before PostgreSQL's parser sees it, and the stemmer is the Porter stemmer without stop
words; where Snowball's edition of it differs from its author's program, which FTS5 follows, the
ending is changed beforehand.
"""

from __future__ import annotations

import hashlib

from django.db.backends.utils import CursorWrapper

from campaigns.search.alphabet import folded_beyond_ascii, folded_class, word_class
from campaigns.search.terms import Kind
from campaigns.search.texts import LONGEST_TEXT, TABLES

_DICTIONARY = """
CREATE TEXT SEARCH DICTIONARY followthrough (TEMPLATE = snowball, Language = porter)
"""
_CONFIGURATION = "CREATE TEXT SEARCH CONFIGURATION followthrough (PARSER = default)"
# All that the parser can make of letters, digits and spaces.
_MAPPING = """
ALTER TEXT SEARCH CONFIGURATION followthrough ADD MAPPING FOR
asciiword, word, numword, uint, int, float, sfloat WITH followthrough
"""
_WORDS = """
CREATE OR REPLACE FUNCTION followthrough_words(original text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $function$
DECLARE words text := lower(left(original, {longest}) COLLATE "C");
BEGIN
    IF words ~ '[{folded}]' THEN words := translate(words, '{before}', '{after}'); END IF;
    words := ' ' || regexp_replace(words, '[^{characters}]+', ' ', 'g') || ' ';
{endings}
    RETURN words;
END $function$
"""
# Each keeps apart, or together, what the other edition of the stemmer does. "ſ" stands in no
# folded word: at the end it keeps "as" and "by" from being stemmed, at the start it keeps the
# parser from reading "5e81ac" as the number 5e81 and a word.
_ENDINGS = (
    (r"(?<= )([a-z0-9][sy])(?= )", r"\1ſ"),
    (r"(?<= )([0-9])", r"ſ\1"),
    (r"(?<= )ies(?= )", "ie"),
    (r"([aeiouy][^ ]*)([chjkqvwxy0-9])\2(ed|ing)(?= )", r"\1\2"),
    (r"([aeiouy][^ aeiou][^ ]*|[aeiouy][^ aeiou])bl(ies|ied|y(s|ed|ing)?)(?= )", r"\1ble"),
    (r"([aeiouy][^ aeiou][^ ]*|[aeiouy][^ aeiou])log(ies|ied|y(s|ed|ing)?)(?= )", r"\1log"),
)
_ENDING = "    words := regexp_replace(words, '{pattern}', '{instead}', 'g');"

_READ = """
SELECT col_description(attrelid, attnum) FROM pg_attribute
WHERE attrelid = %s::regclass AND attname = 'search' AND NOT attisdropped
"""
_DROP = "ALTER TABLE {table} DROP COLUMN IF EXISTS search"
_ADD = "ALTER TABLE {table} ADD COLUMN search tsvector GENERATED ALWAYS AS ({vector}) STORED"
_INDEX = "CREATE INDEX {table}_search ON {table} USING gin (search) WITH (fastupdate = off)"
_NOTE = "COMMENT ON COLUMN {table}.search IS '{mark}'"
# A lexeme that no text and no term has, so that no phrase reaches from one text into the next.
_BORDER = " || '''|'':1'::tsvector || "


def install(cursor: CursorWrapper, tables: set[str]) -> None:
    """Install what is missing in these tables, and renew what was made by other rules."""
    function = _words_function()
    cursor.execute("SELECT 1 FROM pg_ts_config WHERE cfgname = 'followthrough'")
    if cursor.fetchone() is None:
        for statement in (_DICTIONARY, _CONFIGURATION, _MAPPING):
            cursor.execute(statement)
    is_renewed = False
    for table in sorted(tables):
        made_of = vector(table)
        mark = hashlib.sha256((function + made_of).encode()).hexdigest()
        cursor.execute(_READ, [table])
        if cursor.fetchone() == (mark,):
            continue
        if not is_renewed:
            cursor.execute(function)
            is_renewed = True
        for statement in (_DROP, _ADD, _INDEX, _NOTE):
            cursor.execute(statement.format(table=table, vector=made_of, mark=mark))


def vector_of_text(column: str) -> str:
    """SQL for the lexemes of a column as it reads in the query, stored nowhere."""
    return f"to_tsvector('followthrough', followthrough_words({column}))"


def vector(table: str, prefix: str = "") -> str:
    """SQL for the lexemes of all texts of a row, weighted."""
    return _BORDER.join(
        f"setweight({vector_of_text(prefix + column)}, '{weight}')"
        for column, weight in TABLES[table].texts.items()
    )


def query_of_term(kind: Kind, *, names_only: bool = False) -> str:
    """SQL for the ``tsquery`` of a term, with one place for its value."""
    weight = "A" if names_only else ""
    within, last = (f":{weight}" if weight else ""), weight
    if kind is Kind.PREFIX:
        last = f"*{weight}"
    end = f":{last}" if last else ""
    words = f"replace(btrim(followthrough_words(%s)), ' ', '{within} <-> ')"
    return f"to_tsquery('followthrough', {words} || '{end}')"


def stored_match(kind: Kind, alias: str, *, names_only: bool) -> str:
    """SQL for whether a row's texts hold the term, with one place for its value."""
    return f"{alias}.search @@ {query_of_term(kind, names_only=names_only)}"


def unstored_match(kind: Kind, alias: str, columns: list[str]) -> str:
    """SQL for the same from the texts themselves, with one place for the value in each column."""
    query = query_of_term(kind)
    return " OR ".join(f"{vector_of_text(f'{alias}.{text}')} @@ {query}" for text in columns)


def _words_function() -> str:
    before, after = folded_beyond_ascii()
    endings = "\n".join(
        _ENDING.format(pattern=pattern, instead=instead) for pattern, instead in _ENDINGS
    )
    return _WORDS.format(
        longest=LONGEST_TEXT,
        folded=folded_class(),
        before=before,
        after=after,
        characters=word_class(),
        endings=endings,
    )
