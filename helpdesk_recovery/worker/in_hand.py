"""What this worker has in hand, so that two of its tasks never work one case side by side."""

from __future__ import annotations


class InHand:
    """Cases in hand, and which of them somebody asked for meanwhile: an event may come in just as one is given back."""

    def __init__(self) -> None:
        self._asked_again: dict[str, bool] = {}

    def take(self, case_id: str) -> bool:
        """Take a case; False when it is in hand already, and then whoever has it looks once more."""
        if case_id in self._asked_again:
            self._asked_again[case_id] = True
            return False
        self._asked_again[case_id] = False
        return True

    def was_asked_again(self, case_id: str) -> bool:
        """Tell whether somebody asked for the case since this was asked last."""
        asked = self._asked_again[case_id]
        self._asked_again[case_id] = False
        return asked

    def give_back(self, case_id: str) -> None:
        """Let the case go."""
        del self._asked_again[case_id]
