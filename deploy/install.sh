#!/usr/bin/env bash
# Makes a virtual environment where there is none and installs Photogate with one of its extras: install.sh VENV EXTRA
set -euo pipefail

venv=$1 extra=$2

# 3.11 and 3.12 come first because the embedded Redis has wheels for them; any later one finds redis-server on PATH.
suitable_python() {
    local name
    for name in ${PYTHON:-python3.11 python3.12 python3 python3.13 python3.14}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "Photogate needs Python 3.11 or newer; none was found on PATH (PYTHON=… names one)." >&2
    return 1
}

if [[ ! -x $venv/bin/pip ]]; then
    python=$(suitable_python)
    if ! "$python" -m venv "$venv" >/dev/null; then
        echo "$python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv." >&2
        exit 1
    fi
fi

echo "Installing Photogate [$extra] into $venv; the first time takes some minutes."
"$venv/bin/pip" install -qq --disable-pip-version-check --editable ".[$extra]"
echo "Installed: $(du -sm "$venv" | cut -f 1) MB in $venv."
