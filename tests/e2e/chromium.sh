#!/usr/bin/env bash
# Makes sure of a Chromium: one on PATH, or Debian's package where this runs as root on Debian; fails when there is none.
set -euo pipefail

found() {
    command -v chromium || command -v chromium-browser || command -v google-chrome
} >/dev/null

if ! found && [[ $(id -u) == 0 && -e /etc/debian_version ]]; then
    echo "Installing Debian's chromium for the browser tests."
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium >/dev/null || true
fi
found
