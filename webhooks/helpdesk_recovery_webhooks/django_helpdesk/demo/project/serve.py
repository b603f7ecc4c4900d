"""``python -m …project.serve FOLDER PORT``: migrate, seed, and serve until standard input ends."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from helpdesk_recovery_webhooks.django_helpdesk.demo.project.seed import migrate, seed
from helpdesk_recovery_webhooks.django_helpdesk.demo.project.setup import django_for


def main() -> None:
    """Serve on 127.0.0.1, on PORT when it is free; the port taken stands in the file ``port``."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    django_for(str(folder))
    state = json.loads((folder / "desk.json").read_text("utf-8"))
    migrate()
    seed(folder, state["token"], state["agent_password"])
    server = _server(port)
    # A signal handler may not wait for the loop it interrupts, so leaving is all that it does.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    (folder / "port").write_text(str(server.server_port))
    (folder / "ready").touch()
    server.serve_forever()


def _server(port: int) -> Any:
    """Return a threaded server: one that is not would wait for itself when a webhook's receiver calls back."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    try:
        server = ThreadedWSGIServer(("127.0.0.1", port), WSGIRequestHandler)
    except OSError:
        server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(StaticFilesHandler(get_wsgi_application()))
    return server


def _stop_with_parent(server: Any) -> None:
    sys.stdin.buffer.read()
    server.shutdown()


if __name__ == "__main__":
    main()
