"""Only the customer's newest words are read, with the way back to where they stood."""

from __future__ import annotations

import pytest

from helpdesk_recovery.assess.body import LIMIT, read_body

QUOTED = [
    "Still broken.\n\nOn Tue, 3 May 2026 at 10:00, Support <a@b.example> wrote:\n> our lawyer",
    "Still broken.\n\nOn Tue, 3 May 2026 at 10:00, Support <a@b.example>\nwrote:\n> our lawyer",
    "Still broken.\n\n-----Original Message-----\nFrom: Support\nour lawyer",
    "Still broken.\n\nFrom: Support <a@b.example>\nSent: Monday\nTo: Me\nSubject: x\n\nour lawyer",
    "Still broken.\n\nDen tis 3 maj 2026 kl. 10:00 skrev Kundtjänst <a@b.example>:\n> our lawyer",
    "Still broken.\n\nFrån: Kundtjänst\nSkickat: den 3 maj\nTill: Jag\n\nour lawyer",
    "Still broken.\n\nDen tirs. 3. maj 2026 kl. 10.00 skrev Kundeservice <a@b.example>:\n\nour lawyer",
    "Still broken.\n\nFra: Kundeservice\nSendt: 3. maj 2026\nTil: Mig\n\nour lawyer",
    "Still broken.\n\n2026-05-03 10:00, Pagalba rašė:\n> our lawyer",
    "Still broken.\n\nNuo: Pagalba\nIšsiųsta: 2026 m. gegužės 3 d.\nKam: Man\n\nour lawyer",
    "Still broken.\n\nDne 3. 5. 2026 v 10:00 Podpora napsal(a):\n> our lawyer",
    "Still broken.\n\nOd: Podpora\nOdesláno: úterý 3. května\nKomu: mně\n\nour lawyer",
    "Still broken.\n\nAm 03.05.2026 um 10:00 schrieb Kundendienst:\n> our lawyer",
    "> our lawyer\n\nStill broken.",
    "On 3 May 2026, Support wrote:\n> our lawyer\n\nStill broken.",
    "Still broken.\n-- \nJane Doe\nour lawyer",
    "Still broken.\n\nMed vänlig hälsning\nAnna\nour lawyer AB",
    "Still broken.\n\nVenlig hilsen\nAnne\nour lawyer A/S",
    "Still broken.\n\nPagarbiai\nOna\nour lawyer UAB",
    "Still broken.\n\nS pozdravem\nAnna\nour lawyer s.r.o.",
    "Still broken.\n____________________\nThis e-mail may be read by our lawyer",
    "Still broken.\n\nSent from my iPhone\nour lawyer",
    "Still broken.\n\nThis email and any attachments are confidential. our lawyer",
]


@pytest.mark.parametrize("source", QUOTED)
def test_history_signature_and_disclaimer_are_left_out(source: str) -> None:
    assert read_body(source).text == "Still broken."


def test_a_postscript_below_the_signature_is_read() -> None:
    read = read_body("It leaks.\n\nKind regards\nJane\n\nPS: the cable is missing too").text
    assert "missing" in read and "Jane" not in read


def test_a_sentence_with_wrote_is_no_header() -> None:
    source = "My father wrote:\nplease repair it. He is 84."
    assert read_body(source).text == source


def test_a_thank_you_alone_is_a_message() -> None:
    assert read_body("Thank you!\nJane").text == "Thank you!\nJane"


def test_a_letter_forwarded_with_a_line_is_read_instead_of_the_line() -> None:
    source = "Can you take this? Tom\n\n---------- Forwarded message ----------\nFrom: Ann\nDate: Monday\n\nIt leaks."
    assert read_body(source, forwarded=True).text == "It leaks."
    assert "leaks" not in read_body(source).text


def test_html_is_read_without_markup_quotes_and_styles() -> None:
    source = (
        "<html><head><style>p{}</style></head><body><p>It&nbsp;leaks &amp; drips<br>badly</p><!-- x -->"
        '<blockquote type="cite">our lawyer<blockquote>deeper</blockquote></blockquote>'
        '<div class="gmail_quote"><div>On Monday wrote</div>our lawyer</div></body></html>'
    )
    assert read_body(source).text == "It leaks & drips\nbadly"


def test_the_html_flag_decides_how_a_text_is_read() -> None:
    assert read_body("1 <b 2 and <b>x</b>", html=False).text == "1 <b 2 and <b>x</b>"
    assert read_body("a <b>x</b>", html=True).text == "a x"


def test_every_character_knows_where_it_stood() -> None:
    source = "<p>It&nbsp;leaks</p>\r\n<p>and&#33; drips</p>"
    read = read_body(source)
    for word in ("leaks", "drips"):
        at = read.text.index(word)
        start, end = read.origin(at, at + len(word))
        assert source[start:end] == word
    bang = read.text.index("!")
    start, end = read.origin(bang, bang + 1)
    assert source[start:end] == "&#33;"


def test_a_long_body_is_read_at_its_head_and_its_tail() -> None:
    source = "first " + "x" * 50_000 + " last"
    read = read_body(source)
    assert len(read.text) == LIMIT
    assert read.text.startswith("first") and read.text.endswith("last")
    start, end = read.origin(LIMIT - 4, LIMIT)
    assert source[start:end] == "last"


def test_invisible_characters_are_dropped_and_blank_runs_shortened() -> None:
    assert read_body("a\u200b\u202eb   c\n\n\n\n\nd\r\n\x07").text == "ab c\n\nd"
