#!/usr/bin/env bash
# Has docker-compose read docker-compose.yml, with and without the gpu profile; needs the program, but no Docker engine.
set -euo pipefail
cd "$(dirname "$0")/.."

if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
elif command -v docker-compose >/dev/null; then
    compose=(docker-compose)
elif [[ -n ${CI:-}${PHOTOGATE_CI:-} ]]; then
    echo "In CI nothing may be missing, and there is no docker-compose." >&2
    exit 1
else
    echo "docker-compose.yml was not checked, because neither docker compose nor docker-compose is installed."
    exit 0
fi

for profile in "" gpu; do
    COMPOSE_PROFILES=$profile "${compose[@]}" --env-file deploy/photogate.env.example --file docker-compose.yml config --quiet
done
echo "docker-compose.yml reads well, with and without the gpu profile."
