"""The small dump that the tests of streams export, batch by batch."""

from pathlib import Path

import numpy as np
from plumbline_export.dump import DumpArray
from plumbline_export.reserved import ArrayForm
from plumbline_export.stream import DumpStream

AXES = ("sample", "layer", "width")
BATCHES = 5
ROWS = 3
SETTINGS = {"token": "last", "model": {"name": "m", "fingerprint": "sha256:1"}, "batch": 3}
DESCRIPTION = {"model": {"name": "m"}, "layers": ["embeddings", "block 1"]}
FORMS = {
    "positive": ArrayForm((BATCHES * ROWS, 2, 4), np.dtype(np.float16), AXES),
    "contrasts.a.negative": ArrayForm((BATCHES * ROWS, 2, 4), np.dtype(np.float32), AXES),
}
LABELS = {"labels": DumpArray(np.arange(BATCHES * ROWS) % 2, ("sample",), {"name": "truth"})}
TEXTS = [{"text": f"zwölf {row}"} for row in range(BATCHES * ROWS)]
VALUES = {"finalNorm.epsilon": 1e-5, "alignedTokens": [1, 2]}


def batch_rows(batch: int) -> slice:
    return slice(batch, None, BATCHES)  # not next to each other, as in batches by length


def batch_values(role: str, batch: int) -> np.ndarray:
    form = FORMS[role]
    generator = np.random.default_rng(batch + len(role))
    return generator.normal(size=(ROWS, *form.shape[1:])).astype(form.type)


def export(folder, settings=SETTINGS, before_batch=lambda batch: None, **options) -> list[int]:
    """Fills a dump; returns the batches that this run computed."""
    computed = []
    with DumpStream(Path(folder), settings, FORMS, **options) as stream:
        if stream.is_complete:
            return computed
        for batch in range(BATCHES):
            if str(batch) in stream.done:
                continue
            for role, values in stream.arrays.items():
                values[batch_rows(batch)] = batch_values(role, batch)
                before_batch(batch)
            stream.finish_batch(str(batch))
            computed.append(batch)
        stream.finish(DESCRIPTION, LABELS, TEXTS, VALUES)
    return computed


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def stopping_at(stop: int):
    def before_batch(batch: int) -> None:
        if batch == stop:
            raise KeyboardInterrupt

    return before_batch
