"""The command ``helpdesk-recovery``: one file a command."""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from helpdesk_recovery.cli.app import app

    app()
