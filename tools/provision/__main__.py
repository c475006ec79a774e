"""``python -m tools.provision NAME…``: bring these components; without names, list them."""

import sys
from pathlib import Path

from careline.kernel.errors import AdapterFailure
from tools.provision.checkout import Checkout
from tools.provision.components import COMPONENTS


def main(names: list[str], checkout: Checkout) -> int:
    """Answers the exit code: 0 done, 1 a component failed, 2 no such component."""
    unknown = [name for name in names if name not in COMPONENTS]
    if unknown or not names:
        wrong = f"no component {', '.join(unknown)}; " if unknown else ""
        print(f"careline: {wrong}there are: {', '.join(COMPONENTS)}", file=sys.stderr)
        return 2
    for name in names:
        try:
            COMPONENTS[name](checkout)
        except AdapterFailure as error:
            print(f"careline: {name}: {error.reason}", file=sys.stderr)
            return 1
        except OSError as error:
            print(f"careline: {name}: {error}: is there space, and may you write to it?", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Checkout(Path(__file__).parents[2])))
