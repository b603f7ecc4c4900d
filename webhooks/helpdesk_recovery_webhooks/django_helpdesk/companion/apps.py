"""The app's registration."""

from django.apps import AppConfig


class RecoveryCompanionConfig(AppConfig):  # type: ignore[misc]  # Django has no types
    """Listens to the helpdesk's two signals, under whatever name the folder was copied."""

    name = __name__.rpartition(".")[0]
    label = "recovery_companion"
    verbose_name = "Helpdesk Recovery companion"

    def ready(self) -> None:
        """Connect the signals."""
        from . import listening

        listening.connect()
