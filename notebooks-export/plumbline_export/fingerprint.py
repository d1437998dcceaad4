"""Short marks of models and texts, by which a resumed export and two dumps are compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

# Values taken of each parameter: enough that no training leaves all of them as they were, few
# enough that a large model takes seconds.
SAMPLED_VALUES = 1024
# Entries of a configuration that say how or by what it was stored, not which model it is.
VOLATILE_ENTRIES = (
    "_name_or_path",
    "_commit_hash",
    "_attn_implementation",
    "attn_implementation",
    "transformers_version",
    "dtype",
    "torch_dtype",
    "use_cache",
)


def fingerprint_of_texts(texts: Iterable[str]) -> str:
    """The SHA-256 of texts, each with its length, so that no two lists have the same by design."""
    digest = hashlib.sha256()
    for text in texts:
        _add(digest, text.encode("utf-8"))
    return _named(digest)


def fingerprint_of_values(value: Any) -> str:
    """The SHA-256 of anything that JSON can hold; the order of keys does not matter."""
    return fingerprint_of_texts([json.dumps(value, sort_keys=True, default=str)])


def fingerprint_of_model(model: Any, tokenizer: Any, configuration: Mapping[str, Any]) -> str:
    """The SHA-256 of what makes a model the one it is.

    These are its configuration; of every parameter the name, the shape and values at equal
    distances in float32, so that the same weights in a wider type are the same model; and the
    tokenizer's vocabulary.
    """
    digest = hashlib.sha256()
    kept = {name: entry for name, entry in configuration.items() if name not in VOLATILE_ENTRIES}
    _add(digest, json.dumps(kept, sort_keys=True, default=str).encode("utf-8"))
    for name, parameter in sorted(model.state_dict().items()):
        _add(digest, f"{name} {tuple(parameter.shape)}".encode("utf-8"))
        flat = parameter.detach().reshape(-1)
        stride = max(1, flat.numel() // SAMPLED_VALUES)
        _add(digest, flat[::stride].float().cpu().numpy().astype("<f4").tobytes())
    for token, number in sorted(tokenizer.get_vocab().items()):
        _add(digest, f"{number} {token}".encode("utf-8", "surrogatepass"))
    return _named(digest)


def _add(digest: Any, content: bytes) -> None:
    digest.update(len(content).to_bytes(8, "little"))
    digest.update(content)


def _named(digest: Any) -> str:
    return f"sha256:{digest.hexdigest()}"
