"""The built user interface: pages by name, assets for ever, every other path the staff app."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PAGES = {
    "chat": "portal.html",
    "demo-phone": "demo-phone.html",
    "widget-demo": "widget-demo.html",
    "widget-preview": "widget-preview.html",
}
"""Paths that are pages of their own; what lies below them belongs to the same page."""

STAFF_APP = "index.html"
NOT_PAGES = ("api", "rt", "sip")

IN_WHEEL = Path(__file__).parent / "static"
"""Where a wheel carries the user interface (tools/build_ui.py)."""

_NOT_BUILT = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>Careline</title>
<body style="font:16px/1.6 sans-serif;max-width:40em;margin:4em auto;padding:0 1em">
<h1>界面还没有构建</h1>
<p>服务已经在运行。请在项目目录里执行 <code>make ui</code>，再刷新本页。</p>
<p lang="en">The server is running, but this page of the user interface is not built. Run <code>make ui</code> in
the checkout and reload.</p>
</body></html>
"""


class UserInterface(StaticFiles):
    """Serves ``folder``, which may not be there yet or be built while we run."""

    def __init__(self, folder: Path) -> None:
        super().__init__(directory=folder, check_dir=False)
        self.config_checked = True  # a folder that is missing is said on the page, not by failing

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file as it is; a page for a path without a dot; nothing for what looks like a file and is none."""
        first = path.split("/", 1)[0]
        if first in NOT_PAGES:
            raise HTTPException(404)
        try:
            if path not in (".", ""):
                response = await super().get_response(path, scope)
                response.headers["Cache-Control"] = _cache(path)
                return response
        except HTTPException as refusal:
            if refusal.status_code != 404 or "." in path.rsplit("/", 1)[-1]:
                raise
        return await self._page(PAGES.get(first, STAFF_APP), scope)

    async def _page(self, name: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(name, scope)
        except HTTPException as refusal:
            if refusal.status_code != 404:
                raise
            response = HTMLResponse(_NOT_BUILT, 503)
        response.headers["Cache-Control"] = "no-cache"
        return response


def user_interface(folder: Path) -> UserInterface:
    """The interface built in the checkout, or the one that came with the wheel."""
    return UserInterface(IN_WHEEL if not folder.is_dir() and IN_WHEEL.is_dir() else folder)


def _cache(path: str) -> str:
    # The build puts a hash of the content into the names below assets/.
    return "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
