#!/bin/sh
# Brings uv and the locked Python environment into this checkout: .tools/bin/uv and .venv.
# Needs python3 (3.11 or newer) and nothing else; no root, nothing outside the checkout is touched. Safe to repeat
# and to interrupt: every step is built aside and moved into place when it is whole.
#
# uv is taken from, in this order: the PATH; pip in a throw-away venv; the distribution's own python3-pip, fetched
# with a private apt state (a bare Debian has neither pip nor venv, and nobody but root may install there).
set -eu
umask 022
cd "$(dirname "$0")/.."
root=$(pwd)
tools=$root/.tools
uv=$tools/bin/uv
wanted='uv>=0.13,<1'

say() { printf '%s\n' "careline: $*" >&2; }
die() { say "$*"; exit 1; }

new_enough() { # is "$1" a uv that the lock file's format (pyproject.toml, required-version) accepts?
    version=$("$1" --version 2>/dev/null) || return 1
    version=${version#uv } version=${version%% *}
    major=${version%%.*} rest=${version#*.}
    [ "$major" -gt 0 ] 2>/dev/null || [ "${rest%%.*}" -ge 13 ] 2>/dev/null
}

link_uv() { # one fixed name, wherever uv lives, so that nothing else has to search
    mkdir -p "$tools/bin"
    ln -sf "$1" "$uv.$$"
    mv -f "$uv.$$" "$uv"
}

uv_from_path() {
    found=$(command -v uv 2>/dev/null) || return 1
    new_enough "$found" && link_uv "$found"
}

adopt() { # the folder "$1" holds bin/uv: make it the checkout's own
    [ -x "$1/bin/uv" ] || return 1
    rm -rf "$tools/uv"
    mv "$1" "$tools/uv"
    link_uv ../uv/bin/uv
}

uv_from_venv() {
    python3 -m venv "$work/venv" >"$work/log" 2>&1 &&
        "$work/venv/bin/python" -m pip --quiet install --target "$work/uv" "$wanted" >>"$work/log" 2>&1 &&
        adopt "$work/uv"
}

uv_from_apt() {
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
        die "cannot get uv: this needs apt (Debian, Ubuntu), or a python3 with venv and pip; or put uv on the PATH"
    apt=$work/apt
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/root"
    : >"$apt/status"
    set -- -qq "-oDir::State=$apt" "-oDir::State::lists=$apt/lists" "-oDir::State::status=$apt/status" \
        "-oDir::Cache=$apt/cache" -oDebug::NoLocking=true -oAPT::Sandbox::User= -oAcquire::Languages=none
    if [ "${CARELINE_APT_ALLOW_EXPIRED:-0}" = 1 ]; then set -- "$@" -oAcquire::Check-Valid-Until=false; fi
    if ! { apt-get "$@" update && cd "$apt" && apt-get "$@" download python3-pip; } >"$work/log" 2>&1; then
        cat "$work/log" >&2
        if grep -qi 'is expired' "$work/log"; then
            die "the package mirror's index has expired; accept that with CARELINE_APT_ALLOW_EXPIRED=1, or use a live mirror"
        fi
        die "cannot fetch python3-pip with apt: check the network and the apt sources, or put uv on the PATH"
    fi
    for deb in "$apt"/*.deb; do dpkg-deb -x "$deb" "$apt/root"; done
    cd "$root"
    PYTHONPATH=$apt/root/usr/lib/python3/dist-packages \
        python3 -m pip --quiet install --target "$work/uv" "$wanted" >"$work/log" 2>&1 && adopt "$work/uv"
}

command -v python3 >/dev/null || die "python3 is missing: install it (3.11 or newer)"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    die "python3 is $(python3 -c 'import platform; print(platform.python_version())'): Careline needs 3.11 or newer"
mkdir -p "$tools" 2>/dev/null || die "cannot write to $root: check out into a folder of your own"

exec 9>"$tools/bootstrap.lock"
flock 9 # a second make at the same time waits here, then finds the work done

if ! new_enough "$uv"; then
    work=$tools/bootstrap.work
    rm -rf "$work"
    mkdir "$work"
    if ! uv_from_path; then
        say "bringing uv into .tools (once)"
        uv_from_venv || uv_from_apt || {
            cat "$work/log" >&2
            die "cannot install uv: check the network and pip's settings, or put uv (0.13 or newer) on the PATH"
        }
    fi
    rm -rf "$work"
    new_enough "$uv" || die "the uv that was found does not run: delete .tools and try again"
fi

# The lock file decides; nothing is resolved here. An environment made by another interpreter is made anew by uv.
"$uv" sync --quiet --frozen || die "cannot build .venv from uv.lock (see above)"
