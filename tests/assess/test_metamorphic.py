"""What is said around the facts moves neither harm nor category."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.assess import assess_text

FACTS = {
    "en": [
        "The lamp arrived broken.",
        "No internet for 4 days.",
        "You charged me twice.",
        "What are your opening hours?",
    ],
    "sv": ["Lampan var trasig när den kom.", "Vi har inget internet sedan 4 dagar.", "Vilka öppettider har ni?"],
    "da": ["Lampen var i stykker, da den kom.", "Vi har intet internet i 4 dage.", "Hvad er jeres åbningstider?"],
    "lt": ["Lempa atvyko sudužusi.", "Jau 4 dienas neturime interneto.", "Koks jūsų darbo laikas?"],
    "cs": ["Lampa přišla rozbitá.", "Už 4 dny nám nejde internet.", "Jaká je vaše otevírací doba?"],
}
AROUND = {
    "en": ["You idiots!!!", "You are all wonderful people.", "My lawyer will contact you.",
           "I will go to a competitor.", "I am furious.", "I will cancel my subscription.",
           "I will tell everyone on Facebook.", "Worst company ever, terrible service.", "You are thieves."],
    "sv": ["Era jävla idioter!!!", "Ni är underbara.", "Min advokat kommer att kontakta er.",
           "Jag går till en konkurrent.", "Jag är rasande.", "Jag säger upp mitt abonnemang.",
           "Sämsta företaget någonsin, usel service.", "Ni är tjuvar."],
    "da": ["I er nogle idioter!!!", "I er fantastiske.", "Min advokat vil kontakte jer.",
           "Jeg går til en konkurrent.", "Jeg er rasende.", "Jeg opsiger mit abonnement.",
           "Elendig service, ringeste firma.", "I er tyve."],
    "lt": ["Jūs idiotai!!!", "Jūs nuostabūs.", "Mano advokatas su jumis susisieks.",
           "Pereisiu pas konkurentus.", "Aš įsiutęs.", "Nutraukiu sutartį.",
           "Siaubingas aptarnavimas.", "Jūs vagys."],
    "cs": ["Jste idioti!!!", "Jste úžasní.", "Můj advokát vás bude kontaktovat.",
           "Přejdu ke konkurenci.", "Zuřím.", "Ruším smlouvu.",
           "Hrozné služby.", "Jste zloději."],
}  # fmt: skip
PAIRS = [(lang, fact, extra) for lang in FACTS for fact in FACTS[lang] for extra in AROUND[lang]]


@pytest.mark.parametrize(("locale", "fact", "extra"), PAIRS)
def test_insults_flattery_lawyers_and_leaving_move_no_harm(locale: str, fact: str, extra: str) -> None:
    plain = assess_text(fact, locale=locale)
    for text in (f"{fact} {extra}", f"{extra} {fact}"):
        assert assess_text(text, locale=locale).harm.level == plain.harm.level


@pytest.mark.parametrize(("locale", "fact", "extra"), [row for row in PAIRS if "?" not in row[1]])
def test_they_do_not_change_the_category_of_a_complaint(locale: str, fact: str, extra: str) -> None:
    plain = assess_text(fact, locale=locale)
    assert assess_text(f"{fact} {extra}", locale=locale).category.code == plain.category.code


@given(st.lists(st.sampled_from(AROUND["en"]), max_size=8), st.sampled_from(FACTS["en"]))
def test_any_amount_of_them_moves_no_harm(extras: list[str], fact: str) -> None:
    text = " ".join([fact, *extras])
    assert assess_text(text, locale="en").harm == assess_text(fact, locale="en").harm


@given(
    st.sampled_from(["Kind regards\nLegal Department\nLawyer Smith", "-- \nBurns & Fire Ltd", "Sent from my iPhone"])
)
def test_a_signature_changes_nothing(signature: str) -> None:
    fact = "The lamp arrived broken."
    plain, signed = assess_text(fact, locale="en"), assess_text(f"{fact}\n\n{signature}", locale="en")
    assert signed == plain


@pytest.mark.parametrize("locale", AROUND)
def test_a_lawyer_is_a_legal_signal_and_an_insult_is_tone(locale: str) -> None:
    insult, flattery, lawyer = AROUND[locale][:3]
    assert assess_text(f"{FACTS[locale][0]} {lawyer}", locale=locale).has_signal("legal")
    assert assess_text(f"{FACTS[locale][0]} {insult}", locale=locale).tone.level >= 2
    assert assess_text(f"{FACTS[locale][0]} {flattery}", locale=locale).tone.level == 0
