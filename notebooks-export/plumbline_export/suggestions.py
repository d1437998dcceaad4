"""Names what a user may have meant by a name that does not exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def suggestion(name: str, known: Iterable[str]) -> str:
    """Returns ``did you mean "label"?`` where a known name is near, else all that there are."""
    names = list(known)
    by_lowercase = {candidate.lower(): candidate for candidate in names}
    nearest = difflib.get_close_matches(name.lower(), by_lowercase, n=1, cutoff=0.6)
    if nearest:
        return f'did you mean "{by_lowercase[nearest[0]]}"?'
    if not names:
        return "there are none"
    return "there are " + ", ".join(f'"{candidate}"' for candidate in names)
