#!/usr/bin/env bash
# Writes requirements/*.txt: every dependency with its version and the hashes of its files, for every
# Python and system that the project supports. Only this script needs uv.
#
#   scripts/pin.sh             keep the versions that are pinned where they still fit pyproject.toml
#   scripts/pin.sh --upgrade   take the newest (or --upgrade-package NAME for one)
set -euo pipefail
cd "$(dirname "$0")/.."

command -v uv >/dev/null || { echo "scripts/pin.sh needs uv: pip install uv" >&2; exit 1; }

# --universal: what newer Pythons and other systems need is pinned too, behind markers.
compile() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make pins" "$@" >/dev/null
}

compile "$@" pyproject.toml --output-file requirements/runtime.txt
compile "$@" requirements/build.in --output-file requirements/build.txt
compile "$@" pyproject.toml --extra dev requirements/build.in \
    --constraint requirements/runtime.txt --output-file requirements/dev.txt

if grep -nE 'https?://|file:' requirements/*.txt; then
    echo "an address stands in the pins (see above)" >&2
    exit 1
fi
