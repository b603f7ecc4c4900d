"""The contract of a helpdesk, whole."""

from __future__ import annotations

from helpdesk_recovery.sdk.testing.desk_contract import DeskContract
from helpdesk_recovery.sdk.testing.folder_contract import FolderContract
from helpdesk_recovery.sdk.testing.reading_contract import ReadingContract
from helpdesk_recovery.sdk.testing.signature_contract import SignatureContract


class HelpdeskContract(SignatureContract, ReadingContract, DeskContract, FolderContract):
    """Subclass it in a test module, as ``class TestAcmedesk(HelpdeskContract)``, and fill in the attributes of

    :class:`~helpdesk_recovery.sdk.testing.subject.HelpdeskSubject`: ``helpdesk``, ``folder``, ``secret``,
    ``sign`` and, for what goes over HTTP, ``fake``.
    """
