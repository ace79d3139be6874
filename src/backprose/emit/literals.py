"""Literals as text that is the same on every supported Python."""

from __future__ import annotations

from unicodedata import ucd_3_2_0

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def string(value: str, quote: str = '"') -> str:
    r"""A string in ``quote``, or in the other quotes where that saves escapes.

    >>> print(string("it's"), string('say "a"'), string("tab\t", quote="'"))
    "it's" 'say "a"' 'tab\t'
    """
    if quote in value:
        other = "'" if quote == '"' else '"'
        quote = quote if other in value else other
    return f"{quote}{escaped(value, quote)}{quote}"


def escaped(value: str, quote: str) -> str:
    """The inside of a string literal in ``quote``.

    Characters newer than Unicode 3.2 are escaped, because what ``repr`` calls printable differs between Pythons.
    """
    return "".join(map(_character, value)).replace(quote, "".join(f"\\{mark}" for mark in quote))


def _character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if " " <= character <= "~" or ucd_3_2_0.category(character)[0] in "LNPS":
        return character
    return character.encode("unicode_escape").decode("ascii")


def docstring(value: str, indent: int) -> str:
    '''The lines of a docstring (cleaned of its indentation) in triple quotes, indented by ``indent`` columns.

    >>> print(docstring("One line.", 4))
        """One line."""
    '''
    lines = [escaped(line, '"""') for line in value.split("\n")]
    if len(lines) > 1:
        lines.append("")  # the closing quotes stand alone
    elif lines[0].endswith('"'):
        lines[0] = lines[0][:-1] + '\\"'
    lines[0] = '"""' + lines[0]
    lines[-1] += '"""'
    return "\n".join(" " * indent + line if line else "" for line in lines)
