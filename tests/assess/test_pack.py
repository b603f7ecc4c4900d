"""Every pack that ships is sound, and a broken one is refused with file, key and what to do."""

from __future__ import annotations

from importlib.resources import files

import pytest

from helpdesk_recovery.assess.happening import happenings, read_happening
from helpdesk_recovery.assess.pack import SCORED, load_pack, read_pack
from helpdesk_recovery.errors import ConfigurationInvalid

TABLES = ("happened", "tone", "signal", "remedy", "attribution", "topic", "said", "worse", "guard", "unit")
EMPTY = 'language = "xx"\nname = "X"\nfold = true\nkr = ""\n[numbers]\n' + "".join(f"[{t}]\n" for t in TABLES)


@pytest.mark.parametrize("language", SCORED)
def test_every_shipped_pack_is_sound(language: str) -> None:
    assert load_pack(language).language == language


@pytest.mark.parametrize("language", SCORED)
def test_every_pack_knows_every_happening_and_signal(language: str) -> None:
    import tomllib

    from helpdesk_recovery.domain.assessment import SIGNALS

    source = files("helpdesk_recovery.assess").joinpath(f"packs/{language}.toml").read_text("utf-8")
    data = tomllib.loads(source)
    assert set(data["happened"]) == set(happenings())
    assert set(data["signal"]) == set(SIGNALS)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[happened]", '[happened]\nlate = ["..."]'), "[happened] late"),
        (("[happened]", '[happened]\nlate = ["late ..."]'), "begins or ends with a gap"),
        (("[happened]", '[happened]\nlate = ["la*te"]'), "'la*te' is not a word"),
        (("[happened]", '[happened]\nlate = ["a ... b ... c ... d ... e"]'), "more than 3 gaps"),
        (("[happened]", '[happened]\nlate = "late"'), "must be a list of phrases"),
        (("[happened]", "[happened]\nlate = [3]"), "must be a phrase in quotes"),
        (("[happened]", '[happened]\nlost_temper = ["x"]'), "lost_temper is not a known code"),
        (("[signal]", '[signal]\nlegl = ["x"]'), "legl is not a known code"),
        (("[worse]", "[wurse]"), "[wurse] is not known"),
        (("[worse]", ""), "[worse] is missing"),
        (("[numbers]", '[numbers]\none = "1"'), "one must be a number"),
        (("fold = true", "fold = 1"), "fold must be a bool"),
        (('name = "X"', ""), "name must be a str"),
        (("[numbers]", "[numbers"), "is not TOML"),
    ],
)
def test_a_broken_pack_is_refused_in_words(change: tuple[str, str], said: str) -> None:
    read_pack(EMPTY, "xx.toml")
    with pytest.raises(ConfigurationInvalid) as refused:
        read_pack(EMPTY.replace(*change, 1), "xx.toml")
    assert said in str(refused.value)
    assert "xx.toml" in str(refused.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"harm": 9, "category": "delivery", "loss": "money"}, "between 0 and 5"),
        ({"harm": 1, "category": "weather", "loss": "money"}, "category must be one of"),
        ({"harm": 1, "category": "delivery"}, "[x]"),
    ],
)
def test_a_broken_happening_is_refused_in_words(row: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationInvalid) as refused:
        read_happening("x", row)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("arriv* late", "it ARRIVED late", True),
        ("arriv* late", "late it arrived", False),
        ("arriv* & late", "late, it arrived", True),
        ("arriv* & late", "It arrived. Late dinner.", False),
        ("not ... arriv*", "has not so far really arrived", True),
        ("not ... arriv*", "not one two three four five arrived", False),
        ("# days", "eleven days", False),
        ("# days", "11 days", True),
        ("off|cut_off again", "cut off again", True),
        ("off|cut_off again", "cut again", False),
        ("wont", "it won’t", True),
        ("cafe", "the café", True),
    ],
)
def test_how_phrases_match(phrase: str, text: str, found: bool) -> None:
    from helpdesk_recovery.assess.words import split_words

    pack = read_pack(EMPTY.replace("[happened]", f'[happened]\nlate = ["{phrase}"]', 1), "xx.toml")
    assert bool(pack.lexicon.find(split_words(text, True))) is found
