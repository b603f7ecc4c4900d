"""Find the data that ships beside the code, in a wheel and in a checkout alike."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent


def bundled(name: str) -> Traversable:
    """Return the file or folder *name* as it stands at the top of the repository.

    A checkout wins over a packaged copy: an editable install leaves a stale copy in site-packages.
    """
    if (_CHECKOUT / "pyproject.toml").is_file():
        return _CHECKOUT / name
    return files("helpdesk_recovery") / "_bundled" / name


@cache
def version() -> str:
    """Return the one version number, which ``manifest.json`` holds."""
    return str(json.loads(bundled("manifest.json").read_text("utf-8"))["version"])
