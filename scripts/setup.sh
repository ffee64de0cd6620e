#!/usr/bin/env bash
# Makes .venv with exactly what requirements/dev.txt pins, and the project itself on top.
#
#   scripts/setup.sh                       the newest Python from 3.11 on that is installed
#   PYTHON=/path/to/python scripts/setup.sh    this one
set -euo pipefail
cd "$(dirname "$0")/.."

usable() { "$1" -c 'import sys, ensurepip, sqlite3, ssl, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

choose_python() {
    local candidate lacking=""
    for candidate in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
        if usable "$candidate"; then
            echo "$candidate"
            return
        fi
        if new_enough "$candidate"; then lacking=${lacking:-$candidate}; fi
    done
    if [ -n "$lacking" ]; then
        echo "$lacking can't make a virtual environment: its venv, ensurepip, sqlite3 or ssl module is missing."
        echo "On Debian and Ubuntu: sudo apt install python3-venv    Then run make again."
    else
        echo "Guyub needs Python 3.11 or newer, and ${PYTHON:-none} was found${PYTHON:+ to be older or missing}."
        echo "Install one (Debian, Ubuntu: sudo apt install python3 python3-venv; macOS: brew install python),"
        echo "or name one: make setup PYTHON=/path/to/python3.11"
    fi >&2
    return 1
}

if ! usable .venv/bin/python; then
    python=$(choose_python)
    echo "Making .venv with $("$python" --version), and installing what is pinned; this takes half a minute"
    rm -rf .venv
    "$python" -m venv .venv
fi
.venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip --default-pip >/dev/null

pip() { .venv/bin/python -m pip --quiet --quiet --disable-pip-version-check "$@"; }
# Wheels only: building a package from source would fetch build tools that nobody pinned.
pip install --require-hashes --only-binary :all: -r requirements/dev.txt
# The backend that builds the project was pinned just now, hence no isolated build and no download.
pip install --no-deps --no-build-isolation --editable .
