"""Comments as django-helpdesk takes them: it renders a posted comment as a Django template."""

from __future__ import annotations

_BRACES = str.maketrans({"{": '{{ "{" }}', "}": '{{ "}" }}'})
# It shields "{%" and "%}" behind words like this one, so the word itself would become a tag.
_SHIELD = "X-HELPDESK-COMMENT-"


def escaped(text: str) -> str:
    """Return what must be posted so that *text* comes out, to the character.

    Every brace becomes a template that prints it. Doing so for pairs only is not enough: a lone "{%" or "%}"
    makes the helpdesk answer 500.
    """
    return text.translate(_BRACES).replace(_SHIELD, '{{ "X" }}' + _SHIELD[1:])


def unfinished(reference: str) -> str:
    """Return the comment that stands in for a note until its text is filled in."""
    return f"Ref {reference}"
