"""The tickets of the demonstration: what customers write, and what should come of it."""

from __future__ import annotations

from helpdesk_recovery.sdk.demo import Sample

NOTE = "a suggested remedy"
CALL = "a person calls first, no amount"
NONE = "no note: it is a question"

SAMPLES = (
    Sample(
        "Priya Shah",
        "priya.shah@example.com",
        "Teapot broken again",
        "Hello,\n\nthe teapot from order B-77190 arrived broken this morning. It is the third thing from you that I "
        "have unpacked in pieces this year. I would like a refund this time, please.\n\nPriya Shah",
        NOTE,
    ),
    Sample(
        "Malin Ek",
        "malin.ek@example.com",
        "Var är mina stövlar?",
        "Hej!\n\nMina stövlar skulle ha kommit den 10 november, nu är det elva dagar för sent. Jag har skrivit två "
        "gånger utan svar och vi reser på fredag. Skicka stövlarna eller ge mig pengarna tillbaka.\n\nMalin",
        NOTE,
    ),
    Sample(
        "Søren Holm",
        "soren.holm@example.com",
        "Trukket to gange",
        "Hej\n\nI har trukket 499 kr. to gange på mit kort for den samme ordre, både den 3. og den 4. Vil I "
        "tilbagebetale det ene beløb?\n\nVenlig hilsen\nSøren Holm",
        NOTE,
    ),
    Sample(
        "Rasa Petraitė",
        "rasa.petraite@example.com",
        "Neveikia internetas",
        "Laba diena,\n\njau keturias dienas neveikia internetas. Skambinau tris kartus, meistras buvo žadėtas "
        "antradienį, bet niekas neatvyko. Kada sutvarkysite?\n\nRasa",
        NOTE,
    ),
    Sample(
        "Jana Dvořáková",
        "jana.dvorakova@example.com",
        "Přišlo jiné zboží",
        "Dobrý den,\n\nobjednala jsem modrou lampu a přišla mi červená. Už podruhé jste mi poslali něco jiného. "
        "Prosím o výměnu.\n\nDěkuji, Jana Dvořáková",
        NOTE,
    ),
    Sample(
        "Rick Tanner",
        "rick.tanner@example.com",
        "WHO MADE THE ICON ORANGE",
        "ARE YOU IDIOTS SERIOUS??? You changed the app icon to ORANGE and I hate it!!! Worst company on earth, "
        "absolute clowns. CHANGE IT BACK!!!",
        NOTE,
    ),
    Sample(
        "Edith Marlow",
        "edith.marlow@example.com",
        "Heater, model H20",
        "Dear Sir or Madam,\n\nI do not wish to make a fuss, but the heater I bought from you in October began to "
        "smoke last night and the plug melted. My husband burned his hand pulling it out and was treated at the "
        "hospital. I thought you would want to know, in case others have the same one.\n\nKind regards,\nEdith Marlow",
        CALL,
    ),
    Sample(
        "Tom Weber",
        "tom.weber@example.com",
        "Opening hours",
        "Hi, what are your opening hours on Saturday, and is there parking near the shop? Thanks! Tom",
        NONE,
    ),
)
