"""``python -m …project.manage FOLDER COMMAND …``: a management command of the demonstration's helpdesk."""

from __future__ import annotations

import sys

from helpdesk_recovery_webhooks.django_helpdesk.demo.project.setup import django_for


def main() -> None:
    """Run the command named on the command line."""
    django_for(sys.argv[1])
    from django.core.management import execute_from_command_line

    execute_from_command_line(["manage", *sys.argv[2:]])


if __name__ == "__main__":
    main()
