"""The server: binds, starts what was put together, serves until told to end."""

import asyncio
import contextlib
import errno
import fcntl
import signal
import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import uvicorn
import uvloop

from careline.bootstrap import Careline, build, prepare_data_folder
from careline.entrypoints.demo.seed import ensure_demo
from careline.entrypoints.web.app import create_app
from careline.infra import garbage
from careline.infra.database.failures import in_a_line, may_be_a_mistake
from careline.infra.settings.settings import Settings
from careline.infra.telemetry import logs
from careline.infra.web.lines import BOUNDS
from careline.kernel.errors import Invalid, Unavailable

PATIENCE_S = 5
"""How long requests that run may take to end once we are told to stop."""

ASK_EVERY_S, ANSWER_WITHIN_S = 20, 20
"""How often a browser is asked whether it is still there, and how long it may take to answer. The page has no part in
it, so one that sleeps stays, and one whose machine is gone is known to be gone after 40 seconds at most."""

Say = Callable[[str], None]


def run(settings: Settings, say: Say) -> None:
    """Serve until SIGINT or SIGTERM; ``say`` shows lines to whoever started us.

    Raises ``DomainError`` when it cannot start: port taken, folder not writable or in use, certificate or database not
    usable, database newer than the code, demo for others than this machine.
    """
    if settings.demo and not settings.listens_on_loopback:
        raise Invalid("demo-needs-loopback", field="CARELINE_HTTP_HOST", host=settings.http_host)
    prepare_data_folder(settings)
    logs.set_up(json=settings.log_json, brief=in_a_line, doubtful=may_be_a_mistake)
    _check_tls(settings)
    with (
        contextlib.closing(bind(settings.http_host, settings.http_port)) as listening,
        _alone(settings.data),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_serve(settings, listening, say))


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the data folder: two servers in one would take the shards from each other, and neither would say so.

    Raises ``Unavailable`` ("data-folder-in-use"). The kernel lets go when the process dies, however it dies.
    """
    with (data / "serve.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Unavailable("data-folder-in-use", path=str(data)) from None
        yield


def _check_tls(settings: Settings) -> None:
    """Raises ``Unavailable`` ("tls-not-usable") before anything is started."""
    if settings.tls_certificate is None:
        return
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key)
    except OSError as error:  # that of a broken certificate is one too
        raise Unavailable(
            "tls-not-usable", field="CARELINE_TLS_CERTIFICATE", why=error.strerror or str(error)
        ) from None


def bind(host: str, port: int) -> socket.socket:
    """The listening socket. Raises ``Unavailable`` ("port-taken", "address-not-usable") naming the setting."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise Unavailable("address-not-usable", field="CARELINE_HTTP_HOST", host=host, why="unknown host") from None
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise Unavailable("port-taken", field="CARELINE_HTTP_PORT", host=host, port=port) from None
        raise Unavailable(
            "address-not-usable", field="CARELINE_HTTP_HOST", host=host, why=error.strerror or ""
        ) from None
    return listening


class _Server(uvicorn.Server):
    """Signals are ours: the parts must be told in their order, and an end that was asked for is no failure."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(settings: Settings, listening: socket.socket, say: Say) -> None:
    careline = await build(settings)
    try:
        await careline.migrate()
        if settings.demo:
            await _tell_demo(careline, say)
        elif not await careline.identity.facade.tenants():
            say("There is no centre yet, so nobody can sign in. In another terminal: careline setup")
        await careline.start()
        garbage.settle()
    except BaseException:
        await careline.close()
        raise
    try:
        await _serve_until_told(careline, listening, say)
    finally:
        await careline.stop()


async def _serve_until_told(careline: Careline, listening: socket.socket, say: Say) -> None:
    settings = careline.settings
    config = uvicorn.Config(
        create_app(careline),
        **BOUNDS,
        ws_ping_interval=ASK_EVERY_S,
        ws_ping_timeout=ANSWER_WITHIN_S,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=PATIENCE_S,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )
    server = _Server(config)
    ending: list[asyncio.Task[None]] = []

    def end() -> None:
        if server.should_exit:
            server.force_exit = True  # asked twice: at once
            return
        server.should_exit = True
        # Screens are told to come back; the server would wait for them to leave by themselves.
        ending.append(asyncio.ensure_future(careline.hub.close()))

    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, end)
    scheme = "http" if settings.tls_certificate is None else "https"
    host = f"[{settings.http_host}]" if ":" in settings.http_host else settings.http_host
    say(f"Careline is ready: {scheme}://{host}:{listening.getsockname()[1]}")
    try:
        await server.serve(sockets=[listening])
    finally:
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(one)
        await asyncio.gather(*ending)


async def _tell_demo(careline: Careline, say: Say) -> None:
    demo = await ensure_demo(careline)
    if demo.made:
        say("Demo accounts of the tenant «demo» (kept in " + str(demo.file) + "):")
        for account in demo.accounts:
            say(f"  {account.login:<10} {account.password}  {account.display_name}")
    else:
        say(f"Demo accounts are in {demo.file}")
