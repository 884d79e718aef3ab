#!/bin/sh
# Runs once, when the PostgreSQL volume is empty: a database and a role per service, and no service in another's.
set -eu
for service in orchestrator export import identity attachment; do
    variable=$(printf '%s_DB_PASSWORD' "$service" | tr '[:lower:]' '[:upper:]')
    eval "password=\$$variable"
    psql -v ON_ERROR_STOP=1 -v role="$service" -v password="$password" --username postgres <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
