"""What a new helpdesk needs before its first ticket; running it again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpdesk_recovery_webhooks.django_helpdesk.demo.project.names import AGENT, BOT, QUEUE_EMAIL, QUEUE_SLUG


def migrate() -> None:
    """Bring the database up to date, with the helpdesk's own mail templates."""
    from django.core.management import call_command
    from helpdesk.models import EmailTemplate

    call_command("migrate", verbosity=0)
    if not EmailTemplate.objects.exists():
        call_command("loaddata", "emailtemplate.json", verbosity=0)


def seed(folder: Path, token: str, agent_password: str) -> None:
    """Make the queue, a field, the agent and our bot; leave the bot's user id in the file ``bot``."""
    _queue(folder)
    _field()
    _user(AGENT, agent_password)
    bot = _user(BOT, None)
    _token(bot, token)
    (folder / "bot").write_text(str(bot.pk))


def _queue(folder: Path) -> None:
    from helpdesk.models import Queue

    wanted = {
        "title": "Support",
        "email_address": QUEUE_EMAIL,
        "allow_public_submission": True,
        "allow_email_submission": True,
        "email_box_type": "local",
        "email_box_local_dir": str(folder / "inbox"),
        "email_box_interval": 0,
    }
    Queue.objects.update_or_create(slug=QUEUE_SLUG, defaults=wanted)


def _field() -> None:
    from helpdesk.models import CustomField

    wanted = {"label": "Order number", "data_type": "varchar", "max_length": 40, "required": False}
    CustomField.objects.get_or_create(name="order_number", defaults={**wanted, "staff_only": True})


def _user(name: str, password: str | None) -> Any:
    from django.contrib.auth import get_user_model

    wanted = {"email": f"{name}@desk.example", "is_staff": True}
    user, _ = get_user_model().objects.get_or_create(username=name, defaults=wanted)
    if not user.password:
        user.set_password(password)
        user.save()
    return user


def _token(user: Any, key: str) -> None:
    from rest_framework.authtoken.models import Token

    Token.objects.update_or_create(user=user, defaults={"key": key})
