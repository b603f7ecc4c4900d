"""Setting Django up for a folder."""

from __future__ import annotations

import os


def django_for(folder: str) -> None:
    """Set Django up with the data of *folder*; call it before importing models."""
    os.environ["HELPDESK_DEMO_FOLDER"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = f"{__package__}.settings"
    import django

    django.setup()
