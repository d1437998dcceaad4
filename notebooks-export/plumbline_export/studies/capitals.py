"""The capitals study: true and false statements about capitals, and MiniLM's states of them.

Run as ``python -m plumbline_export.studies.capitals --output probes/capitals``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .encoding import Encoder
from .study import (
    SEED,
    argument_parser,
    chosen_model,
    column,
    named_column,
    shuffled,
    write_study,
)

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
    templates = [TEMPLATES[sample.template].name for sample in samples]
    write_study(
        folder,
        encoder,
        model_name,
        {
            "labels": column(
                [sample.is_true for sample in samples], np.uint8, values=["false", "true"]
            ),
            "groups": column([sample.group for sample in samples], np.int32),
            "categories": named_column(
                templates, [template.name for template in TEMPLATES], name="template"
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
                "template": template,
                "true": sample.is_true,
            }
            for sample, template in zip(samples, templates)
        ],
    )


def main(arguments: list[str] | None = None) -> None:
    options = argument_parser("capitals").parse_args(arguments)
    encoder, name = chosen_model(options)
    export(options.output, encoder, name)


if __name__ == "__main__":
    main()
