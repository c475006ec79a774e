"""A ``TextSender`` that posts each message to a gateway."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from urllib.parse import quote_plus

from careline.infra.egress.client import Egress
from careline.infra.settings.sms import SmsSettings, is_json
from careline.kernel.errors import PermanentFailure, TransientFailure
from careline.kernel.tenancy import TenantId
from careline.modules.directory.customers.ports import Handed, NewText

KEY_HEADER = "Idempotency-Key"
FIRST_PAUSE_S = 0.5
WORTH_TRYING_AGAIN = frozenset({408, 425, 429})

Pause = Callable[[float], Awaitable[None]]


class HttpGateway:
    """Posts what the template of the body says. A gateway that honours the key sends once, however often asked."""

    is_ready = True

    def __init__(self, settings: SmsSettings, egress: Egress, *, pause: Pause = asyncio.sleep) -> None:
        self._settings = settings
        self._egress = egress
        self._pause = pause

    async def send(self, tenant_id: TenantId, text: NewText) -> Handed:
        """Hand a message over. Raises ``TransientFailure`` or ``PermanentFailure``."""
        body = filled(self._settings, text)
        headers = {"Content-Type": self._settings.content_type, KEY_HEADER: str(text.id), **self._secret()}
        for left in reversed(range(self._settings.tries)):
            try:
                return await self._try(body, headers)
            except TransientFailure:
                if left == 0:
                    raise
            await self._pause(FIRST_PAUSE_S * 2 ** (self._settings.tries - 1 - left))
        raise TransientFailure("the gateway was not asked")

    async def _try(self, body: bytes, headers: dict[str, str]) -> Handed:
        answer = await self._egress.post(self._settings.url, body, headers=headers)
        if 200 <= answer.status < 300:
            return Handed.ACCEPTED
        if answer.status in WORTH_TRYING_AGAIN or answer.status >= 500:
            raise TransientFailure(f"the gateway answered {answer.status}")
        # A redirect, too: a gateway that has moved is to be named where it is.
        raise PermanentFailure(f"the gateway answered {answer.status}")

    def _secret(self) -> dict[str, str]:
        """Read anew with each message, so that it can be changed without a restart."""
        if self._settings.secret_file is None:
            return {}
        try:
            secret = self._settings.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise PermanentFailure(f"the secret of the gateway cannot be read ({type(error).__name__})") from None
        if not secret.isprintable() or not secret.isascii():
            raise PermanentFailure("the secret of the gateway is no line of plain characters")
        return {self._settings.header: secret}


def filled(settings: SmsSettings, text: NewText) -> bytes:
    """The body, with each value written as its format needs it: nothing in a value can become part of the form."""
    write = _in_json if is_json(settings.content_type) else quote_plus
    body = settings.body
    values = {"{number}": text.number, "{text}": text.text, "{id}": str(text.id)}
    # One walk over the template: a value that looks like a gap is not filled again.
    for part in ("{number}", "{text}", "{id}"):
        body = body.replace(part, f"\0{part}\0")
    return "".join(write(values[part]) if part in values else part for part in body.split("\0")).encode()


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]
