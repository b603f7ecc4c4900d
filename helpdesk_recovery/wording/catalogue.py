"""Gettext catalogues: read from ``locale/<language>/LC_MESSAGES/messages.po`` when first asked for, then kept."""

from __future__ import annotations

import re
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("en", "sv", "da", "lt", "cs")
_FALLBACK = "en"
_PLACE = re.compile(r"\{(\w+)\}(\.?)")


class Catalogue:
    """The texts of one language, by message id such as ``note.ref``."""

    def __init__(self, language: str, source: Catalog) -> None:
        self.language = language
        self._ids = frozenset(m.id if isinstance(m.id, str) else m.id[0] for m in source if m.id)
        self._texts = _compiled(source)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a text for *key*."""
        return key in self._ids

    def say(self, key: str, **values: str) -> str:
        """Return the text of *key* with *values* in its places; raise KeyError when there is none."""
        return _filled(self._texts.gettext(self._known(key)), values)

    def count(self, key: str, number: int) -> str:
        """Return the text of *key* in the plural form of *number*, which stands at ``{n}``."""
        self._known(key)
        return _filled(self._texts.ngettext(key, f"{key}.many", number), {"n": str(number)})

    def _known(self, key: str) -> str:
        if key not in self._ids:
            raise KeyError(f"no text {key!r} in the catalogue {self.language}")
        return key


def catalogue(language: str) -> Catalogue:
    """Return the catalogue of a BCP 47 tag (sv, sv-FI, sv_SE); English for a language without one."""
    code = re.split(r"[-_]", language.strip().lower(), maxsplit=1)[0]
    return _read(code if code in LANGUAGES else _FALLBACK)


@cache
def _read(code: str) -> Catalogue:
    place = files("helpdesk_recovery.wording") / "locale" / code / "LC_MESSAGES" / "messages.po"
    with place.open("rb") as source:
        return Catalogue(code, read_po(source, locale=code))


def _compiled(source: Catalog) -> GNUTranslations:
    buffer = BytesIO()
    write_mo(buffer, source)
    buffer.seek(0)
    return GNUTranslations(buffer)


def _filled(text: str, values: dict[str, str]) -> str:
    """Put values in, once each; a full stop after a value that ends with one (150 kr.) is left out."""

    def put(place: re.Match[str]) -> str:
        value = values[place[1]]
        return value if value.endswith((".", "…")) else value + place[2]

    return _PLACE.sub(put, text)
