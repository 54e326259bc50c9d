"""``anju standins``: the providers a drill organization talks to, on this machine only."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from anju.config import environment
from anju.config.cli import external, ready
from anju.config.cli.children import end_with_supervisor

ZH = "启动演练用的支付与短信替身（仅本机可访问）。"
EN = "Serve the stand-ins of payment and SMS providers for drills (loopback only)."


def run(port: Annotated[int, typer.Option()] = 0) -> None:
    end_with_supervisor()
    with ready.product_up():
        serve(external.call("standins"), port or environment.port() + 1)


def serve(applications: dict[str, Any], port: int) -> None:
    """Serve each application below its mount until told to stop."""
    import signal
    import threading
    from socketserver import ThreadingMixIn
    from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Addresses hold order numbers: nothing is logged."""

    class Threaded(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    def application(environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        for mount in sorted(applications, key=len, reverse=True):
            if path == mount or path.startswith(f"{mount.rstrip('/')}/"):
                environ["SCRIPT_NAME"], environ["PATH_INFO"] = mount.rstrip("/"), path[len(mount.rstrip("/")) :]
                return applications[mount](environ, start_response)
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"not found\n"]

    server = make_server("127.0.0.1", port, application, server_class=Threaded, handler_class=Quiet)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.2)
    server.server_close()
