#!/usr/bin/env bash
# Runs every test; what is missing on this machine is named in one sentence each, and in CI nothing may be missing.
set -euo pipefail
cd "$(dirname "$0")/.."

left_out=() sentences=()
without() {
    left_out+=("--ignore=$1")
    sentences+=("$1 did not run, because $2.")
}

tests/e2e/chromium.sh || without tests/e2e "no Chromium was found"
[[ -d ../shared/bad_images ]] || without tests/unit/worker/test_bad_images.py "there is no ../shared/bad_images beside this checkout"

if [[ ${#left_out[@]} != 0 && -n ${CI:-}${PHOTOGATE_CI:-} ]]; then
    printf '%s\n' "In CI nothing may be missing." "${sentences[@]}" >&2
    exit 1
fi

status=0
.venv/bin/pytest "${left_out[@]}" "$@" || status=$?
[[ ${#sentences[@]} == 0 ]] || printf '%s\n' "${sentences[@]}"
exit "$status"
