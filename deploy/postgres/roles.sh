#!/usr/bin/env bash
# Runs once, when Postgres makes its data directory: one role owns the tables, another one is all that the programs are.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner_password="$POSTGRES_OWNER_PASSWORD" --set app_password="$POSTGRES_APP_PASSWORD" <<'SQL'
CREATE ROLE photogate_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE photogate_app LOGIN PASSWORD :'app_password';
CREATE DATABASE photogate OWNER photogate_owner;
REVOKE ALL ON DATABASE photogate FROM PUBLIC;
GRANT CONNECT ON DATABASE photogate TO photogate_app;
SQL
