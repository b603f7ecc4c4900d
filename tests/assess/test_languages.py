"""The same things said in the five scored languages are judged alike."""

from __future__ import annotations

import pytest

from helpdesk_recovery.assess import assess_text
from helpdesk_recovery.domain.assessment import Category

FURIOUS_BUT_TRIVIAL = {
    "en": "Which idiot moved the menu in the app??? Absolute clowns, change it back!!!",
    "sv": "Vilken idiot har ritat den nya appikonen??? Jävla clowner, ändra tillbaka!!!",
    "da": "Hvilken idiot har lavet det nye app-ikon??? Så grimt, lav det tilbage!!!",
    "lt": "Koks idiotas sugalvojo naują programėlės ikoną??? Bjauri, grąžinkit seną!!!",
    "cs": "Který idiot vymyslel tu novou ikonu??? Je hnusná, vraťte tu starou!!!",
}
POLITE_BUT_GRAVE = {
    "en": "Dear team, I hope you are well. The heater gave my son an electric shock and he was taken to hospital. "
    "We are grateful it was not worse. Kind regards, Ann",
    "sv": "Hej! Jag vill bara berätta att värmaren gav min son en elstöt och att han fördes till sjukhus. "
    "Tack för er tid. Vänliga hälsningar, Anna",
    "da": "Kære alle, jeg vil blot fortælle, at min søn fik elektrisk stød af varmeren og kom på hospitalet. "
    "Venlig hilsen Anne",
    "lt": "Laba diena, noriu tik pranešti, kad šildytuvas nukrėtė mano sūnų ir jis buvo išvežtas į ligoninę. "
    "Pagarbiai, Ona",
    "cs": "Dobrý den, chci jen oznámit, že topidlo dalo synovi ránu elektrickým proudem a odvezli ho do nemocnice. "
    "S pozdravem Anna",
}
PLAIN_QUESTIONS = [
    ("en", "does your plan cover roaming in Switzerland?"),
    ("en", "What are your opening hours on Saturday?"),
    ("en", "How do I return a jacket if it does not fit?"),
    ("sv", "Ingår roaming i Schweiz i abonnemanget?"),
    ("sv", "Vilka öppettider har ni på lördag?"),
    ("da", "Dækker mit abonnement roaming i Schweiz?"),
    ("da", "Hvad er jeres åbningstider på lørdag?"),
    ("lt", "Ar planas galioja Šveicarijoje?"),
    ("lt", "Koks jūsų darbo laikas šeštadienį?"),
    ("cs", "Platí tarif i pro roaming ve Švýcarsku?"),
    ("cs", "Jaká je vaše otevírací doba v sobotu?"),
]
PRAISE = {
    "en": "Thank you, the lady at reception was wonderful and everything arrived on time. Five stars!",
    "sv": "Tack! Personalen var underbar och allt kom i tid. Fem stjärnor!",
    "da": "Tusind tak! Personalet var fantastisk, og alt kom til tiden. Fem stjerner!",
    "lt": "Ačiū! Darbuotojai nuostabūs, viskas atvyko laiku. Penkios žvaigždės!",
    "cs": "Děkuji! Personál byl úžasný a všechno dorazilo včas. Pět hvězdiček!",
}
BROKEN = {
    "en": "The lamp arrived broken, can you send a new one?",
    "sv": "Lampan var trasig när den kom, kan ni skicka en ny?",
    "da": "Lampen var i stykker, da den kom. Kan I sende en ny?",
    "lt": "Lempa atvyko sudužusi, ar galite atsiųsti naują?",
    "cs": "Lampa přišla rozbitá, můžete poslat novou?",
}
LATE = {
    "en": "The parcel is 11 days late, I wrote twice without an answer.",
    "sv": "Paketet är 11 dagar sent och jag har skrivit två gånger utan svar.",
    "da": "Pakken er 11 dage forsinket, og jeg har skrevet to gange uden svar.",
    "lt": "Siunta vėluoja 11 dienų, rašiau du kartus ir negavau jokio atsakymo.",
    "cs": "Balík má 11 dní zpoždění, psala jsem dvakrát bez odpovědi.",
}
CHARGED_TWICE = {
    "en": "You charged me twice for October, please refund one of them.",
    "sv": "Ni har dragit betalningen två gånger i oktober, återbetala den ena.",
    "da": "I har trukket betalingen to gange i oktober, jeg vil have den ene tilbagebetalt.",
    "lt": "Už spalį pinigus nuskaitėte du kartus, prašau grąžinti vieną mokėjimą.",
    "cs": "Za říjen jste mi strhli platbu dvakrát, vraťte mi prosím peníze.",
}
NO_INTERNET = {
    "en": "We have had no internet for 4 days.",
    "sv": "Vi har inte haft internet på 4 dagar.",
    "da": "Vi har ikke haft internet i 4 dage.",
    "lt": "Jau 4 dienas neturime interneto.",
    "cs": "Už 4 dny nám nejde internet.",
}
ANY_NEWS = {
    "en": "Any news?",
    "sv": "Har ni hört något?",
    "da": "Er der nyt?",
    "lt": "Ar yra naujienų?",
    "cs": "Nějaké novinky?",
}


@pytest.mark.parametrize("locale", FURIOUS_BUT_TRIVIAL)
def test_fury_about_an_icon_is_a_complaint_of_slight_harm(locale: str) -> None:
    found = assess_text(FURIOUS_BUT_TRIVIAL[locale], locale=locale)
    assert found.complaint > 0.5
    assert found.harm.level == 1
    assert found.tone.level >= 2
    assert not found.is_grave


@pytest.mark.parametrize("locale", POLITE_BUT_GRAVE)
def test_a_calm_letter_about_an_injury_is_grave(locale: str) -> None:
    found = assess_text(POLITE_BUT_GRAVE[locale], locale=locale)
    assert found.harm.level >= 4
    assert found.tone.level <= 1
    assert found.has_signal("safety")
    assert found.category.code == Category.SAFETY
    assert found.complaint > 0.5


@pytest.mark.parametrize(("locale", "text"), PLAIN_QUESTIONS)
def test_a_plain_question_is_no_complaint(locale: str, text: str) -> None:
    found = assess_text(text, locale=locale)
    assert found.complaint < 0.5
    assert found.harm.level == 0
    assert found.requested_remedy == "information"


@pytest.mark.parametrize("locale", PRAISE)
def test_praise_is_no_complaint(locale: str) -> None:
    found = assess_text(PRAISE[locale], locale=locale)
    assert found.complaint < 0.5
    assert found.harm.level == 0
    assert found.sentiment.label == "positive"


@pytest.mark.parametrize("locale", BROKEN)
def test_a_broken_item_is_surely_a_defect_of_moderate_harm(locale: str) -> None:
    found = assess_text(BROKEN[locale], locale=locale)
    assert found.complaint > 0.5
    assert found.category.code == Category.DAMAGED_OR_DEFECTIVE
    assert found.category.p >= 0.8
    assert (found.harm.level, found.loss_type) == (2, "product")
    assert found.requested_remedy == "replacement"


@pytest.mark.parametrize("locale", LATE)
def test_a_parcel_eleven_days_late_is_serious(locale: str) -> None:
    found = assess_text(LATE[locale], locale=locale)
    assert found.category.code == Category.DELIVERY
    assert found.category.p >= 0.8
    assert found.harm.level == 3
    assert found.has_signal("repeated_contact")


@pytest.mark.parametrize("locale", CHARGED_TWICE)
def test_a_double_charge_is_billing_and_asks_for_money_back(locale: str) -> None:
    found = assess_text(CHARGED_TWICE[locale], locale=locale)
    assert found.complaint > 0.5
    assert (found.category.code, found.loss_type, found.requested_remedy) == (Category.BILLING, "money", "refund")


@pytest.mark.parametrize("locale", NO_INTERNET)
def test_days_without_internet_are_serious(locale: str) -> None:
    found = assess_text(NO_INTERNET[locale], locale=locale)
    assert (found.category.code, found.harm.level, found.loss_type) == (Category.OUTAGE, 3, "service")


@pytest.mark.parametrize("locale", ANY_NEWS)
def test_asking_for_news_is_not_itself_a_complaint(locale: str) -> None:
    found = assess_text(ANY_NEWS[locale], locale=locale)
    assert found.complaint < 0.5
    assert found.harm.level == 0


@pytest.mark.parametrize("samples", [BROKEN, LATE, NO_INTERNET, POLITE_BUT_GRAVE, PRAISE])
def test_the_language_is_told_without_a_locale(samples: dict[str, str]) -> None:
    assert {assess_text(text).language.code for text in samples.values()} == set(samples)


def test_lithuanian_and_czech_are_read_without_their_accents_too() -> None:
    assert assess_text("Siunta veluoja 11 dienu, negavau jokio atsakymo", locale="lt").harm.level == 3
    assert assess_text("Uz 4 dny nam nejde internet", locale="cs").harm.level == 3


def test_what_only_might_happen_is_no_harm() -> None:
    found = assess_text("What happens if the lamp arrives broken?", locale="en")
    assert found.harm.level == 0


def test_what_did_not_happen_is_no_harm() -> None:
    assert assess_text("The box looked bad but nothing was broken inside.", locale="en").harm.level == 0


def test_ones_own_fault_is_no_harm_done_by_us() -> None:
    found = assess_text("My own fault: I dropped the vase and it is broken. Can I buy another one?", locale="en")
    assert found.harm.level == 0
    assert found.attribution.code == "customer"
    assert found.complaint < 0.5


def test_a_solved_problem_is_no_harm_and_a_new_one_after_it_is() -> None:
    solved = "The internet was down for 4 days, but it works now. Thanks!"
    assert assess_text(solved, locale="en").harm.level == 0
    assert assess_text(solved + " But now you have charged me twice.", locale="en").harm.level == 2


def test_a_vulnerable_person_without_what_they_need_is_worse_off() -> None:
    alone = assess_text("We have had no heating since Monday.", locale="en")
    with_baby = assess_text("We have had no heating since Monday. My mother is 84.", locale="en")
    assert (alone.harm.level, with_baby.harm.level) == (4, 4)
    parcel = assess_text("The parcel never arrived. My mother is disabled and needs it.", locale="en")
    assert parcel.harm.level == 3
    assert parcel.has_signal("vulnerability")


def test_a_deadline_is_no_time_passed() -> None:
    waited = assess_text("My refund has not come for 20 days.", locale="en")
    deadline = assess_text("My refund has not come. Answer within 20 days.", locale="en")
    assert (waited.harm.level, deadline.harm.level) == (3, 2)
