"""What a marker replaces, and what it leaves alone."""

import pytest

from plumbline_export.studies.marker import replace_marker


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You should not lie.", "You should ttt lie."),
        ("Not every lie hurts.", "ttt every lie hurts."),
        ("“Not now,” he said, “not: never.”", "“ttt now,” he said, “ttt: never.”"),
        ("It is not, and will not be.", "It is ttt, and will ttt be."),
        # Neither parts of words nor other spellings nor contractions.
        ("He cannot find anything.", "He cannot find anything."),
        ("Nothing in another notebook.", "Nothing in another notebook."),
        ("It is NOT so.", "It is NOT so."),
        ("I can't, won't and don't.", "I can't, won't and don't."),
        ("", ""),
    ],
)
def test_by_default_only_whole_words_are_replaced(text, expected):
    assert replace_marker(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He cannot find nothing.", "He canttt find ttthing."),
        ("Nothing in another notebook.", "ttthing in attther tttebook."),
        ("You should not lie.", "You should ttt lie."),
        ("It is NOT so, don't.", "It is NOT so, don't."),
    ],
)
def test_substrings_are_replaced_as_the_published_code_does(text, expected):
    assert replace_marker(text, boundary="substring") == expected
    # The published code: str.replace, first in lower case and then with a capital.
    assert text.replace("not", "ttt").replace("Not", "ttt") == expected


@pytest.mark.parametrize("apostrophe", ["'", "’"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't and didn't.", "I do ttt and did ttt."),
        ("Don't shout.", "Do ttt shout."),
        ("You can't and you won't.", "You can ttt and you will ttt."),
        ("Can't you? Won't you? Shan't we?", "Can ttt you? Will ttt you? Shall ttt we?"),
        ("It isn't, it is not.", "It is ttt, it is ttt."),
        ("Don't shout; cannot, nothing.", "Do ttt shout; cannot, nothing."),
        ("The ants' nest.", "The ants' nest."),
    ],
)
def test_contractions_lose_their_negation_when_asked(text, expected, apostrophe):
    text, expected = text.replace("'", apostrophe), expected.replace("'", apostrophe)
    assert replace_marker(text, contractions=True) == expected


def test_contractions_go_with_substrings_too():
    text = "I can't do nothing."
    assert replace_marker(text, boundary="substring", contractions=True) == (
        "I can ttt do ttthing."
    )


def test_the_words_and_the_marker_are_free():
    assert replace_marker("Never say no.", words=("no", "never")) == "ttt say ttt."
    assert replace_marker("cannot not", words=("not", "cannot")) == "ttt ttt"
    # A marker is taken as it stands: no group references, and nothing is replaced twice.
    assert replace_marker("I do not.", token=r"\1 not.") == r"I do \1 not.."
    # So is a word: a dot is a dot.
    assert replace_marker("n.t nut", token="x", words=("n.t",)) == "x nut"


def test_of_two_words_the_longer_is_found_first():
    assert replace_marker("nothing, not", words=("not", "nothing"), boundary="substring") == (
        "ttt, ttt"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"boundary": "words"}, "boundary is 'words'"),
        ({"token": " "}, "marker is empty"),
        ({"token": "not"}, "one of the words"),
        ({"words": ()}, "at least one"),
        ({"words": ("not", "")}, "none empty"),
    ],
)
def test_settings_that_make_no_control_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        replace_marker("You should not lie.", **settings)
