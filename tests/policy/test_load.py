from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_recovery.errors import PolicyInvalid
from helpdesk_recovery.policy.load import MOST_BYTES, find_pack, load_pack
from helpdesk_recovery.policy.problem import PackInvalid

HEAD = """\
name = "mine"
version = 1
currencies = ["EUR", "SEK"]

[limits]
cap = { EUR = 50, SEK = 500 }
approve_above = { EUR = 25, SEK = 250 }

[facts.days_late]
type = "number"

"""
RULE = """\
[[rule]]
id = "late"
kind = "goodwill"
when.category = "delivery"
when.harm = { at_least = 2 }
give = ["apology", { remedy = "voucher", amount = { EUR = 10, SEK = 100 } }]
"""
GOOD = HEAD + RULE


def swap(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new)


# What is wrong · the text · line · column · what the message must say.
BROKEN = [
    ("no closing quote", swap('name = "mine"', 'name = "mine'), 1, 13, "not valid TOML"),
    ("the same key twice", swap("version = 1", "version = 1\nversion = 2"), 3, 12, "not valid TOML"),
    ("cut off", GOOD.rstrip().removesuffix("]"), 17, 76, "mend this place"),
    ("a misspelt key", swap("kind =", "knid ="), 14, 1, 'did you mean "kind"?'),
    ("a key from nowhere", swap("version = 1", "version = 1\nzzz = 1"), 3, 1, '"zzz" is not known here; known here: '),
    ("a missing key", swap('kind = "goodwill"\n', ""), 12, 1, "rule 1: kind is missing; add it"),
    ("a wrong kind", swap('"goodwill"', '"gift"'), 14, 1, "write 'entitlement' or 'goodwill'"),
    ("tone as a condition", swap("when.harm =", "when.tone ="), 16, 1, "tone sets speed and wording, never"),
    ("sentiment as a condition", swap("when.harm =", "when.sentiment ="), 16, 1, "use harm"),
    ("text as an amount", swap("when.harm =", "when.named_amount ="), 16, 1, "never sets an amount"),
    ("an unknown category", swap('"delivery"', '"delivry"'), 15, 1, 'did you mean "delivery"?'),
    ("an unknown remedy", swap('"voucher"', '"vuocher"'), 17, 22, 'did you mean "voucher"?'),
    ("a number in quotes", swap("at_least = 2", 'at_least = "2"'), 16, 15, 'without quotes, not "2"'),
    ("an impossible range", swap("at_least = 2", "at_least = 2, below = 1"), 16, 1, "no number is both"),
    ("a misspelt bound", swap("at_least", "atleast"), 16, 15, 'did you mean "at_least"?'),
    ("a negative amount", swap("EUR = 10,", "EUR = -10,"), 17, 42, "EUR is negative"),
    ("an infinite amount", swap("EUR = 10,", "EUR = inf,"), 17, 53, "at most 1,000,000,000"),
    ("half a cent", swap("EUR = 10,", "EUR = 10.005,"), 17, 42, "more decimals than the currency"),
    ("an amount of nothing", swap("EUR = 10,", "EUR = 0,"), 17, 42, "leave the remedy out"),
    ("a currency code misspelt", swap("EUR = 10,", "Eur = 10,"), 17, 53, "three capitals such as EUR"),
    ("an undeclared currency", swap("EUR = 10,", "EUR = 10, NOK = 120,"), 17, 63, "NOK is not among the pack's"),
    ("a cap without a currency", swap("cap = { EUR = 50, SEK = 500 }", "cap = { EUR = 50 }"), 6, 1, "lacks SEK"),
    ("an unknown amount", swap("{ EUR = 10, SEK = 100 }", '"small"'), 17, 51, 'no [amounts] table "small"'),
    ("money without words", swap('["apology", ', "["), 17, 1, "money never comes alone"),
    ("words with money", swap('"apology"', '{ remedy = "apology", amount = { EUR = 1 } }'), 17, 31, "is not money"),
    ("a voucher without a sum", swap(", amount = { EUR = 10, SEK = 100 }", ""), 17, 31, "needs an amount"),
    ("an undeclared fact", swap("when.harm =", "when.facts.weight ="), 16, 1, "weight is not declared"),
    ("a fact of another type", swap("when.harm = { at_least = 2 }", "when.facts.days_late = true"), 16, 1, "bool"),
    ("an assumed number", swap('type = "number"', 'type = "number"\ndefault = false'), 11, 1, "only a fact of type"),
    ("no condition", swap('when.category = "delivery"\nwhen.harm = { at_least = 2 }', "when = {}"), 15, 1, "always"),
    ("nothing to give", swap("give =", "check = [] #"), 12, 1, "it gives nothing"),
    ("the same id twice", GOOD + RULE, 13, 1, 'two rules are called "late"'),
    ("an entitlement without a source", swap('"goodwill"', '"entitlement"'), 12, 1, "needs a source"),
    ("money where a person calls first", swap("give =", "care = true\ngive ="), 17, 1, "no money and no choice"),
    ("yes for true", swap("give =", 'care = "yes"\ngive ='), 17, 1, "write true or false"),
    ("a choice of one", swap("give =", 'choose = [["replacement"]]\ngive ='), 17, 1, "two sets or more"),
    ("no rules", HEAD, 1, 1, "rule is missing; add it"),
    ("an empty list of rules", "rule = []\n" + HEAD, 1, 1, "write at least one"),
    ("no currencies", swap('["EUR", "SEK"]', "[]"), 3, 1, "name at least one"),
    ("a version in quotes", swap("version = 1", 'version = "1"'), 2, 1, "write a whole number, without quotes"),
    ("a table that is none", swap("[limits]", "limits = 5\n[other]"), 5, 1, "write a table: { key = value }"),
    ("a list that is none", swap("give = [", 'check = "order"\ngive = ['), 17, 1, "write a list in brackets"),
    ("a share over one", swap("version = 1", "version = 1\nsure = 80"), 3, 1, "such as 0.8"),
    ("a deep nest", swap("version = 1", f"version = {'[' * 5000}1{']' * 5000}"), 1, 1, "nested too deeply"),
    ("a number of a million digits", swap("version = 1", f"version = {'9' * 10_000}"), 1, 1, "not valid TOML"),
]


@pytest.mark.parametrize(("text", "line", "column", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_a_broken_pack_names_place_and_advice(tmp_path: Path, text: str, line: int, column: int, words: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text)
    with pytest.raises(PolicyInvalid) as raised:
        load_pack(file)
    assert isinstance(raised.value, PackInvalid)
    first = raised.value.problems[0]
    assert words in first.message
    assert (first.line, first.column) == (line, column)
    assert str(raised.value).startswith(f"{file}:{line}:{column}: ")


def test_the_good_one_loads(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("\ufeff" + GOOD.replace("\n", "\r\n"), encoding="utf-8")  # as a Windows editor saves it
    assert [rule.id for rule in load_pack(file).rule] == ["late"]
    assert find_pack(str(file)) == load_pack(file)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(GOOD.replace("kind =", "knid =").replace("at_least", "atleast"))
    with pytest.raises(PackInvalid) as raised:
        load_pack(file)
    assert [(p.line, p.message.split(";")[0]) for p in raised.value.problems] == [
        (14, 'rule 1: "knid" is not known here'),
        (16, 'rule 1: "atleast" is not known here'),
    ]


def test_the_second_rule_is_found_in_headers_too(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    second = (
        RULE.replace("when.category", "[rule.when]\ncategory").replace("when.harm", "harm").replace('"late"', '"b"')
    )
    file.write_text(GOOD + second.replace("at_least = 2", "at_least = true").replace("give", "#"))
    with pytest.raises(PackInvalid) as raised:
        load_pack(file)
    assert (raised.value.problems[0].line, raised.value.problems[0].column) == (23, 10)
    assert raised.value.problems[0].message == "rule 2: at_least: write a number"


def test_a_flood_of_problems_is_cut_short(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(HEAD + "".join(RULE.replace("kind", "knid").replace("late", f"r{i}", 1) for i in range(50)))
    with pytest.raises(PackInvalid) as raised:
        load_pack(file)
    assert str(raised.value).endswith("… and 30 more")


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"name = 'caf\xe9'", ":1:12: not UTF-8"),
        (b"#" * (MOST_BYTES + 1), "split it into packs"),
        ((HEAD + RULE * 501).encode(), "at most 500 items"),
    ],
    ids=["not UTF-8", "too big", "too many rules"],
)
def test_unfit_files(tmp_path: Path, raw: bytes, words: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(raw)
    with pytest.raises(PolicyInvalid, match=words):
        load_pack(file)


def test_a_folder_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(PolicyInvalid, match="cannot be read"):
        load_pack(tmp_path)


@pytest.mark.parametrize(("name", "words"), [("startr", "did you mean starter?"), ("x/y.toml", "there is: starter")])
def test_an_unknown_name_says_what_there_is(name: str, words: str) -> None:
    with pytest.raises(PolicyInvalid, match=words.replace("?", r"\?")):
        find_pack(name)
