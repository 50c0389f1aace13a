"""The one error of the database: an RFC 7047 error string, what happened, and the JSON that caused it."""

from __future__ import annotations

from typing import Any


class OvsdbError(Exception):
    """Something from outside that the database refuses; `tag` is the RFC's error string, `details` the sentence.

    `syntax` is the offending JSON as text, where there is one; `io_error` the operating system's words.
    """

    def __init__(self, tag: str, details: str = "", *, syntax: str | None = None, io_error: str | None = None) -> None:
        super().__init__(tag, details, syntax, io_error)
        self.tag = tag
        self.details = details
        self.syntax = syntax
        self.io_error = io_error

    def __str__(self) -> str:
        """One line, as the database's programs print it."""
        place = f'syntax "{self.syntax}": ' if self.syntax is not None else ""
        cause = f" ({self.io_error})" if self.io_error is not None else ""
        return place + ": ".join(part for part in (self.tag, self.details) if part) + cause

    def to_json(self) -> dict[str, Any]:
        """The <error> object of RFC 7047 3.1."""
        answer: dict[str, Any] = {"error": self.tag}
        if self.details:
            answer["details"] = self.details
        if self.syntax is not None:
            answer["syntax"] = self.syntax
        if self.io_error is not None:
            answer["io-error"] = self.io_error
        return answer


def error_from_json(answer: dict[str, Any]) -> OvsdbError:
    """What `OvsdbError.to_json` said, as heard by a client."""
    return OvsdbError(
        str(answer["error"]), str(answer.get("details", "")), syntax=answer.get("syntax"), io_error=answer.get("io-error")
    )
