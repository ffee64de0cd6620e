#!/usr/bin/env bash
# Asks a public list of known holes about every pinned version. Needs the network and uv; hence no part of `make check`.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "scripts/audit.sh needs uv: pip install uv" >&2; exit 1; }
for file in runtime build dev; do
    echo "requirements/$file.txt"
    uv tool run pip-audit --require-hashes --disable-pip --requirement "requirements/$file.txt"
done
