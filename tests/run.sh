#!/usr/bin/env bash
# Runs every test; without a browser it says in one sentence what did not run, and in CI it fails instead.
set -euo pipefail
cd "$(dirname "$0")/.."

if tests/e2e/chromium.sh; then
    exec .venv/bin/pytest "$@"
fi
if [[ -n ${CI:-}${PHOTOGATE_CI:-} ]]; then
    echo "In CI nothing may be missing, and there is no Chromium." >&2
    exit 1
fi
.venv/bin/pytest --ignore=tests/e2e "$@"
echo "The browser tests in tests/e2e did not run, because no Chromium was found."
