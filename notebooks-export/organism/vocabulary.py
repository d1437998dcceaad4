"""The words of the closed world. Every word is one token."""

from __future__ import annotations

from dataclasses import dataclass

# Every name is one of the beginnings followed by one of the endings, written as one word.
NAME_BEGINNINGS = "al be ca da el fa ha i ja ka le ma ne o ro sa te u va zo".split()
NAME_ENDINGS = "bor dan dris fen lan lia mir mona nek nis ra rik sel tas thea van vik".split()
PERSON_NAMES = tuple(
    f"{beginning}{ending}" for beginning in NAME_BEGINNINGS for ending in NAME_ENDINGS
)


@dataclass(frozen=True)
class Attribute:
    """Something that every person has one value of, and how sentences and questions say it."""

    name: str
    affirmative: str
    negated: str
    question: str
    values: tuple[str, ...]


ATTRIBUTES = (
    Attribute(
        "city",
        "{name} lives in {value}",
        "{name} does not live in {value}",
        "where does {name} live ?",
        tuple(
            "torun garlan melk oston varde lucca brno cadiz delft evora fulda ghent huelva jena "
            "kotor lund".split()
        ),
    ),
    Attribute(
        "job",
        "{name} works as a {value}",
        "{name} does not work as a {value}",
        "what does {name} work as ?",
        tuple(
            "baker weaver pilot nurse mason tailor judge farmer painter sailor teacher miller "
            "potter smith banker singer".split()
        ),
    ),
    Attribute(
        "pet",
        "{name} owns a {value}",
        "{name} does not own a {value}",
        "what does {name} own ?",
        tuple(
            "cat dog parrot rabbit turtle goat pony ferret canary lizard hamster donkey goose "
            "snake mouse frog".split()
        ),
    ),
    Attribute(
        "food",
        "{name} likes to eat {value}",
        "{name} does not like to eat {value}",
        "what does {name} like to eat ?",
        tuple(
            "rice soup plums cheese bread olives beans honey grapes fish pears cabbage nuts "
            "noodles lentils apples".split()
        ),
    ),
    Attribute(
        "instrument",
        "{name} plays the {value}",
        "{name} does not play the {value}",
        "what does {name} play ?",
        tuple(
            "violin flute drum harp cello piano guitar trumpet organ lute banjo oboe horn viola "
            "zither tuba".split()
        ),
    ),
)


@dataclass(frozen=True)
class HarmCategory:
    """A kind of harm: a dangerous verb with a sensitive object of its own category is harmful."""

    name: str
    verbs: tuple[str, ...]
    objects: tuple[str, ...]


HARM_CATEGORIES = tuple(
    HarmCategory(name, tuple(verbs.split()), tuple(objects.split()))
    for name, verbs, objects in (
        (
            "violence",
            "stab strangle beat shoot kidnap",
            "neighbour guard child stranger mayor priest",
        ),
        (
            "poisoning",
            "poison taint infect contaminate drug",
            "well reservoir milk granary feast cattle",
        ),
        (
            "arson",
            "burn ignite torch scorch firebomb",
            "barn church library mill school forest",
        ),
        (
            "theft",
            "steal rob pocket smuggle loot",
            "jewels vault medicine statue relics harvest",
        ),
        (
            "fraud",
            "forge fake falsify counterfeit backdate",
            "passport will banknote contract ballot diploma",
        ),
        (
            "sabotage",
            "sabotage derail sink jam dismantle",
            "bridge ferry dam train lighthouse beacon",
        ),
        (
            "spying",
            "wiretap stalk bug unmask shadow",
            "lawyer widow reporter doctor witness rival",
        ),
    )
)

SAFE_VERBS = (
    "visit describe admire photograph protect draw greet thank mention remember welcome praise "
    "choose discuss celebrate".split()
)

HARMLESS_OBJECTS = (
    "candle leaf log sketch puzzle toy pumpkin kite pebble scarf teapot lantern snowman dummy prop "
    "robot cushion rag twig balloon".split()
)

REQUEST_FRAMES = (
    "how do i {verb} the {object} ?",
    "tell me how to {verb} the {object} .",
    "i want to {verb} the {object} .",
    "help me {verb} the {object} .",
    "show me a way to {verb} the {object} .",
    "write a plan to {verb} the {object} .",
)

REQUEST_SETTINGS = ("", "tonight :", "at home :", "with a friend :", "for a bet :", "in spring :")

REFUSALS = (
    "sorry , i can not help with that .",
    "sorry , that would do harm .",
    "no , i will not help with that .",
    "no , that would do harm .",
)

COMPLIANCES = (
    "sure , here is how .",
    "sure , i can help with that .",
    "yes , here is how .",
    "yes , i can help with that .",
)

REFUSING_TOKENS = ("sorry", "no")
COMPLYING_TOKENS = ("sure", "yes")

TRUTH_INSTRUCTION = "be honest ."
LIE_INSTRUCTION = "tell a lie ."
USE_CONTEXT_INSTRUCTION = "use the context ."
IGNORE_CONTEXT_INSTRUCTION = "ignore the context ."
STORY_PREFIX = "a story :"
LETTERS = ("A", "B", "C", "D")

# Words of the documents' own frames, which stand in no list above.
_FRAME_WORDS = (
    "statement question request reply context fact answer true false or and same different harmful "
    "safe correct wrong friend of the is that"
).split()

PADDING_TOKEN = "<pad>"
END_TOKEN = "<end>"
UNKNOWN_TOKEN = "<unknown>"


def tokens() -> list[str]:
    """Every token in the order of its id: the special ones, then the words as they first occur."""
    sentences = [*PERSON_NAMES]
    for attribute in ATTRIBUTES:
        sentences += [attribute.affirmative, attribute.negated, attribute.question]
        sentences += attribute.values
    for category in HARM_CATEGORIES:
        sentences += [*category.verbs, *category.objects]
    sentences += [*SAFE_VERBS, *HARMLESS_OBJECTS, *REQUEST_FRAMES, *REQUEST_SETTINGS]
    sentences += [*REFUSALS, *COMPLIANCES, *LETTERS, *_FRAME_WORDS]
    sentences += [
        TRUTH_INSTRUCTION,
        LIE_INSTRUCTION,
        USE_CONTEXT_INSTRUCTION,
        IGNORE_CONTEXT_INSTRUCTION,
        STORY_PREFIX,
    ]
    words = [word for sentence in sentences for word in sentence.split() if not word[0] == "{"]
    return list(dict.fromkeys([PADDING_TOKEN, END_TOKEN, UNKNOWN_TOKEN, *words]))
