"""A real django-helpdesk on loopback, for the demonstration and for the tests."""

from helpdesk_recovery_webhooks.django_helpdesk.demo.start import DjangoHelpdeskDemo

DEMO = DjangoHelpdeskDemo()

__all__ = ["DEMO", "DjangoHelpdeskDemo"]
