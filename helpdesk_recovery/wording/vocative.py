"""The vocative of first names: Lithuanian and Czech greet with a changed name (Jonas → Jonai, Jana → Jano)."""

from __future__ import annotations

# Longest ending first. A name that fits none, or is foreign to the language, is not used: no name beats a wrong form.
_LT = (
    ("jas", "jau"), ("ias", "iau"), ("ius", "iau"), ("as", "ai"), ("us", "au"), ("is", "i"), ("ys", "y"), ("ė", "e"),
    ("a", "a"),
)  # fmt: skip
_CS = (
    ("něk", "ňku"), ("děk", "ďku"), ("ek", "ku"), ("iel", "ieli"), ("uel", "ueli"), ("ael", "aeli"), ("el", "le"),
    ("dr", "dře"), ("tr", "tře"), ("ch", "chu"), ("š", "ši"), ("ž", "ži"), ("č", "či"), ("ř", "ři"), ("j", "ji"),
    ("s", "si"), ("k", "ku"), ("a", "o"), ("e", "e"), ("ě", "ě"), ("i", "i"), ("í", "í"), ("o", "o"), ("n", "ne"),
    ("r", "re"), ("t", "te"), ("d", "de"), ("l", "le"), ("m", "me"), ("b", "be"), ("v", "ve"), ("p", "pe"), ("f", "fe"),
)  # fmt: skip
_CS_WOMEN = frozenset({
    "Alice", "Carmen", "Dagmar", "Doris", "Ester", "Ingrid", "Karen", "Karin", "Katrin", "Miriam", "Nikol", "Rút",
    "Vivien", "Elisabeth", "Margit", "Iris", "Edit", "Judit", "Astrid", "Kim", "Sarah",
})  # fmt: skip
_ENDINGS = {"lt": _LT, "cs": _CS}
_FOREIGN = {"lt": frozenset("qwxáéíóúäöåæøřěčň") - {"č"}, "cs": frozenset("qwxäöåæøąęėįųū")}


def vocative(name: str, language: str) -> str | None:
    """Return *name* as one greets with it in *language*; None when we are not sure how."""
    endings = _ENDINGS.get(language)
    if endings is None:
        return name
    if _FOREIGN[language] & set(name.lower()):
        return None
    if language == "cs" and name in _CS_WOMEN:
        return name
    for ending, form in endings:
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)] + form
    return None
