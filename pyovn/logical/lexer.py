"""Text of matches and actions to tokens. A token keeps its text as written, because messages quote it."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import NamedTuple

from pyovn.logical.constants import BadConstant, Constant, format_constant, parse_constant


class LogicalError(Exception):
    """A match or an action that cannot be; the message is the sentence that the user is shown."""


class Token(NamedTuple):
    """One lexical element.

    `kind` is the text itself for punctuation, else one of `id`, `string`, `int`, `$` (address set), `@` (port group), `^` (template),
    `error`, or the empty string at the end of the input. `name` is what the token stands for: the identifier, the contents of the
    string, the name of the set, the sentence of the error.
    """

    kind: str
    text: str
    name: str = ""
    constant: Constant | None = None

    def __str__(self) -> str:
        return f"`{self.text}'" if self.kind else "end of input"


END = Token("", "")

_DIGITS = r"(?:[0-9a-zA-Z:]|\.(?!\.))*"
_NUMBER = rf"(?:[0-9]|::|[0-9a-fA-F]+:){_DIGITS}"
_QUAD = r"\d+\.\d+\.\d+\.\d+(?![\w.]|[0-9a-zA-Z:]*::)"
_PATTERN = re.compile(
    r"(?:\s+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)*+"  # what is skipped belongs to the token after it, or to the end
    r'("(?:[^"\\\n]|\\.)*"?'
    rf"|(?:{_QUAD}|{_NUMBER})(?:/(?![/*]){_DIGITS})?"
    r"|[$@^]?[A-Za-z_][\w.]*"
    r"|/\*[\s\S]*|<->|==|!=|<=|>=|&&|\|\||\.\.|--"
    r"|\S|\Z)"
)

_PUNCTUATION = frozenset(
    ("(", ")", "{", "}", "[", "]", "==", "!=", "<", "<=", ">", ">=", "!", "&&", "||", "..", ",", ";", "=", "<->", "--", "-", ":")
)
_MESSAGES = {
    "&": "`&' is only valid as part of `&&'.",
    "|": "`|' is only valid as part of `||'.",
    "/": "`/' is only valid as part of `//' or `/*'.",
    ".": "`.' is only valid as part of `..' or a number.",
    "$": "`$' must be followed by a valid identifier.",
    "@": "`@' must be followed by a valid identifier.",
    "^": "`^' must be followed by a valid identifier.",
}


def _string(text: str) -> Token:
    if len(text) < 2 or text[-1] != '"':
        return Token("error", text, "Input ends inside quoted string.")
    if "\\" not in text:
        return Token("string", text, text[1:-1])
    try:
        return Token("string", text, json.loads(text))
    except ValueError:
        escape = next((m for m in re.findall(r"\\(.)", text) if m not in '"\\/bfnrtu'), "u")
        return Token("error", text, f"bad escape \\{escape}")


def _number(text: str) -> Token:
    try:
        return Token("int", text, "", parse_constant(text))
    except BadConstant as error:
        return Token("error", text, str(error))


def _other(text: str) -> Token:
    if text.startswith("/*"):
        return Token("error", text, "`/*' without matching `*/'.")
    if text in _MESSAGES:
        return Token("error", text, _MESSAGES[text])
    if not text.isascii():
        return Token("error", text, f"Invalid byte {text.encode()[0]:#x} in input.")
    return Token("error", text, f"Invalid character `{text}' in input.")


@lru_cache(maxsize=1 << 15)
def classify(text: str) -> Token:
    """What one lexical element means. Kept, because networks repeat themselves."""
    if text in _PUNCTUATION:
        return Token(text, text)
    first = text[0]
    if first == '"':
        return _string(text)
    if re.match(_NUMBER, text):
        return _number(text)
    if first.isascii() and (first.isalpha() or first == "_"):
        return Token("id", text, text)
    if first in "$@^" and len(text) > 1:
        return Token(first, text, text[1:])
    return _other(text)


def tokenize(text: str) -> list[Token]:
    """Every token of the text, `END` last. Never fails: what cannot be is a token of kind `error`."""
    tokens = [classify(found) for found in _PATTERN.findall(text) if found]
    tokens.append(END)
    return tokens


class Cursor:
    """Where a parser stands in its tokens."""

    __slots__ = ("at", "tokens")

    def __init__(self, text: str) -> None:
        self.tokens = tokenize(text)
        self.at = 0

    @property
    def token(self) -> Token:
        """The token to look at next."""
        return self.tokens[self.at]

    @property
    def kind(self) -> str:
        """The kind of the token to look at next."""
        return self.tokens[self.at].kind

    def peek(self, ahead: int = 1) -> str:
        """The kind of the token after the next."""
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)].kind

    def take(self) -> Token:
        """The next token; the cursor moves on."""
        token = self.tokens[self.at]
        if token.kind:
            self.at += 1
        return token

    def match(self, kind: str) -> bool:
        """Move on if the next token is of this kind."""
        if self.tokens[self.at].kind != kind:
            return False
        self.at += 1
        return True

    def match_id(self, name: str) -> bool:
        """Move on if the next token is this identifier."""
        token = self.tokens[self.at]
        if token.kind != "id" or token.name != name:
            return False
        self.at += 1
        return True

    def expect(self, kind: str) -> None:
        """Move over this punctuation or fail."""
        if not self.match(kind):
            raise self.error(f"expecting `{kind}'")

    def error(self, wanted: str = "") -> LogicalError:
        """The error of standing at the wrong token: `wanted` ends the sentence."""
        token = self.tokens[self.at]
        if token.kind == "error":
            return LogicalError(token.name)
        if token.kind == "^":
            return LogicalError("Unexpanded template.")
        return LogicalError(f"Syntax error at {token} {wanted}".rstrip() + ".")


def quote(text: str) -> str:
    """A string as the language writes it."""
    return f'"{text}"' if text.isprintable() and '"' not in text and "\\" not in text else json.dumps(text, ensure_ascii=False)


def format_token(token: Token) -> str:
    """The token in its shortest spelling."""
    if token.kind == "error":
        return f"error({quote(token.name)})"
    if token.kind == "string":
        return quote(token.name)
    return format_constant(token.constant) if token.constant else token.text
