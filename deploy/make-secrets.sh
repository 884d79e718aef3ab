#!/bin/sh
# Makes what docker-compose.yml needs and nobody should know: .env and deploy/secrets, readable by their owner only.
# Refuses to overwrite: whoever loses the key-encryption key loses every stored connection.
set -eu
cd "$(dirname "$0")/.."
umask 077

if [ -e .env ] || [ -e deploy/secrets/key-encryption-key ]; then
    echo "make-secrets: .env or deploy/secrets/key-encryption-key exists already; move them away first" >&2
    exit 1
fi

random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

mkdir -p deploy/secrets
admin_key=$(random)
printf '%s' "$admin_key" > deploy/secrets/admin.key
head -c 32 /dev/urandom | base64 | tr -d '\n' > deploy/secrets/key-encryption-key
# The orchestrator's container user is another one and reads the file through its group. On this host the directory above
# it keeps the group away.
chmod 0640 deploy/secrets/key-encryption-key

{
    echo "VAULTFERRY_ADMIN_KEY_SHA256=$(printf '%s' "$admin_key" | sha256)"
    for service in EXPORT IMPORT IDENTITY ATTACHMENT; do
        echo "${service}_INTERNAL_TOKEN=$(random)"
    done
    for service in ORCHESTRATOR EXPORT IMPORT IDENTITY ATTACHMENT; do
        echo "${service}_DB_PASSWORD=$(random)"
    done
    echo "VAULTFERRY_SECRETS_GID=$(id -g)"
    echo "POSTGRES_PASSWORD=$(random)"
    echo "GRAFANA_ADMIN_PASSWORD=$(random)"
    echo "STAGING_ACCESS_KEY=$(random)"
    echo "STAGING_SECRET_KEY=$(random)"
} > .env

echo "Made .env and deploy/secrets. The admin key is in deploy/secrets/admin.key; Grafana's password is in .env."
