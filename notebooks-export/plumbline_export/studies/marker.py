"""Puts a meaningless marker in the place of negations, as a control of polarity probes.

A probe that tells “should not lie” from “should lie” may go by what the sentences mean, or only
by the place where a “not” stands. With a word that means nothing in the place of “not”, the
sentences still differ in the same place, and nothing else is left to find.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# Contractions whose first part is not the word it stands for.
_IRREGULAR = {"ca": "can", "wo": "will", "sha": "shall"}


def replace_marker(
    text: str,
    token: str = "ttt",
    words: Sequence[str] = ("not",),
    boundary: str = "word",
    contractions: bool = False,
) -> str:
    """Replaces negations by a marker.

    Each of ``words`` is replaced as it is given and with a capital first letter (“not” and
    “Not”, but not “NOT”); the marker is ``token`` in both cases. ``boundary`` says where:

    - ``"word"``: only where it is a word of its own. “cannot” and “nothing” stay as they are.
    - ``"substring"``: wherever its letters stand, as the released code of PA-CCS does. This
      mangles other words: “cannot” becomes “canttt”, “nothing” “ttthing”, “another” “attther”.

    With ``contractions`` a word in n't becomes its verb and the marker: “don't” becomes
    “do ttt”, “can't” “can ttt”, “won't” “will ttt”.
    """
    if boundary not in ("word", "substring"):
        raise ValueError(f'the boundary is {boundary!r}; it must be "word" or "substring"')
    if not token.strip():
        raise ValueError("the marker is empty; the texts would lose a word instead")
    if not words or not all(words):
        raise ValueError(f"the words to replace are {list(words)!r}; name at least one, none empty")
    if token in words:
        raise ValueError(f"the marker {token!r} is one of the words that it replaces")
    if contractions:
        text = _split_contractions(text, token)
    # The longest first, so that no word hides one that begins with it.
    spellings = {spelling for word in words for spelling in (word, word[0].upper() + word[1:])}
    either = "|".join(map(re.escape, sorted(spellings, key=lambda word: (-len(word), word))))
    pattern = rf"\b(?:{either})\b" if boundary == "word" else either
    return re.sub(pattern, lambda _: token, text)


def _split_contractions(text: str, token: str) -> str:
    def split(found: re.Match[str]) -> str:
        verb = found[1]
        regular = _IRREGULAR.get(verb.lower(), verb)
        return f"{verb[0]}{regular[1:]} {token}"

    return re.sub(r"\b(\w+)n['’]t\b", split, text)
