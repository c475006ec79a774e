"""What can be brought, by name."""

from collections.abc import Callable
from pathlib import Path

from careline.adapters.asterisk.bundle import install_bundle
from careline.adapters.speech.espeak_bundle import install_espeak
from careline.adapters.speech.pocketsphinx_bundle import install_pocketsphinx
from careline.infra.apt.machine import this_machine
from careline.infra.apt.programs import Programs, install_programs, library_env
from careline.infra.apt.sources import DebianSuite, OwnSources
from tools.provision.checkout import Checkout, say
from tools.provision.node import node
from tools.provision.postgres import postgres
from tools.provision.ui import ui, ui_check

# Network Security Services loads these by name.
NSS = ("usr/lib/*/libsoftokn3.so", "usr/lib/*/libfreeblpriv3.so", "usr/lib/*/libnssckbi.so")


def asterisk(checkout: Checkout) -> None:
    install_bundle(checkout.tools, say)


def speech(checkout: Checkout) -> None:
    voice = install_espeak(checkout.tools, say)
    checkout.offer("espeak-ng", voice.binary, environment=voice.env)


def recognition(checkout: Checkout) -> None:
    """Who writes down speech in the tests; nothing of it is needed to serve."""
    install_pocketsphinx(checkout.tools, say)


def sipp(checkout: Checkout) -> None:
    """SIPp plays callers and phones in the tests."""
    own = checkout.of_the_machine("sipp")
    if own:
        checkout.offer("sipp", own)
        return
    wanted = Programs(
        name="sipp",
        packages=("sip-tester",),
        kept=("usr/bin/sipp",),
        linked=("usr/bin/sipp",),
        try_out=("usr/bin/sipp", "-v"),
        proof="SIPp v",
        megabytes=4,
    )
    bundle = install_programs(checkout.tools, wanted, say)
    checkout.offer("sipp", bundle / "usr/bin/sipp", environment=library_env(bundle))


def chromium(checkout: Checkout) -> None:
    """Chromium for the browser tests, with a font that has Chinese. Ubuntu's package is but a pointer to a
    snap, so there Debian's is taken, of a release whose libc is no newer than Ubuntu's."""
    own = checkout.of_the_machine("chromium")
    if own:
        checkout.offer("chromium", own)
        return
    debian = this_machine().distribution == "debian"
    wanted = Programs(
        name="chromium",
        packages=("chromium", "fonts-wqy-microhei", "fonts-dejavu-core", "fontconfig-config"),
        kept=("usr/lib/chromium", "usr/share/fonts/truetype"),
        linked=("usr/lib/chromium/chromium", *NSS),
        try_out=("usr/lib/chromium/chromium", "--version"),
        proof="Chromium",
        megabytes=150,
        # Only for windows and graphics cards; the tests run without either.
        assume=(
            *(f"libllvm{version}" for version in range(13, 24)),
            "adwaita-icon-theme",
            "chromium-sandbox",
            "libgl1-mesa-dri",
            "libgtk-3-0",
            "libgtk-3-0t64",
            "libgtk-3-common",
            "x11-utils",
        ),
        sources=(OwnSources(),) if debian else (DebianSuite("bookworm"),),
    )
    bundle = install_programs(checkout.tools, wanted, say)
    checkout.offer(
        "chromium",
        bundle / "usr/lib/chromium/chromium",
        environment={**library_env(bundle), "FONTCONFIG_FILE": str(_font_configuration(checkout, bundle))},
    )


COMPONENTS: dict[str, Callable[[Checkout], None]] = {
    "asterisk": asterisk,
    "speech": speech,
    "recognition": recognition,
    "sipp": sipp,
    "postgres": postgres,
    "chromium": chromium,
    "node": node,
    "ui": ui,
    "ui-check": ui_check,
}


def _font_configuration(checkout: Checkout, bundle: Path) -> Path:
    file = bundle / "fonts.conf"
    if not file.exists():
        file.write_text(
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
            f"<dir>{bundle}/usr/share/fonts</dir><dir>/usr/share/fonts</dir>"
            f"<cachedir>{checkout.tools}/fontconfig</cachedir></fontconfig>\n",
            encoding="utf-8",
        )
    return file
