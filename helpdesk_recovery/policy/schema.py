"""The JSON Schema of a policy file, for editors: ``python -m helpdesk_recovery.policy.schema`` prints it."""

from __future__ import annotations

import json
from typing import Any

from helpdesk_recovery.policy.document import Pack


def json_schema() -> dict[str, Any]:
    """Return the schema of a pack (JSON Schema 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Pack.model_json_schema(),
        "title": "A policy of Helpdesk Recovery",
    }


def schema_text() -> str:
    """Return the schema as it stands in ``policies/policy.schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(schema_text(), end="")
