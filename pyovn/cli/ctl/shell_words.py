"""A command line as bash splits it, up to the word under the cursor; and words as bash must read them."""

from __future__ import annotations

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-")


def split(line: str) -> list[str]:
    """The words of a line; the last is the one under way, empty after a space."""
    words = [""]
    quote = ""
    chars = iter(line.lstrip())
    for char in chars:
        if quote:
            if char == quote:
                quote = ""
            else:
                words[-1] += next(chars, "") if char == "\\" and quote == '"' else char
        elif char in "'\"":
            quote = char
        elif char == "\\":
            words[-1] += next(chars, "")
        elif char in " \t\n":
            if words[-1]:
                words.append("")
        else:
            words[-1] += char
    return words


def quoted(word: str) -> str:
    """A word with a backslash before all that bash would not take as it is."""
    return "".join(char if char in PLAIN or ord(char) > 127 else "\\" + char for char in word)


def replies(current: str, candidates: list[str], breaks: str) -> list[str]:
    """The candidates that the word under way begins, as bash wants them: without what stands before its last word break."""
    cut = max((current.rfind(char) for char in ":=" if char in breaks), default=-1) + 1
    fitting = sorted({word for word in candidates if word.startswith(current)})
    return [quoted(word[cut:]) for word in fitting]
