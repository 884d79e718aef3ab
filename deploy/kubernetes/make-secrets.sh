#!/bin/sh
# Makes the files that an overlay's secretGenerator reads: make-secrets.sh OVERLAY-DIRECTORY
# The key of the staging bucket is yours: give it in STAGING_ACCESS_KEY and STAGING_SECRET_KEY, or leave both away where pods have a
# role that may use the bucket.
# Refuses to overwrite: whoever loses the key-encryption key loses every stored connection.
set -eu
umask 077
[ $# -eq 1 ] && [ -d "$1" ] || { echo "usage: make-secrets.sh OVERLAY-DIRECTORY" >&2; exit 2; }
secrets=$1/secrets

if [ -e "$secrets" ]; then
    echo "make-secrets: $secrets exists already; move it away first" >&2
    exit 1
fi

random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '=\n'; }
sha256() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1; }

mkdir "$secrets"
{
    echo "VAULTFERRY_STAGING_S3_ACCESS_KEY=${STAGING_ACCESS_KEY:-}"
    echo "VAULTFERRY_STAGING_S3_SECRET_KEY=${STAGING_SECRET_KEY:-}"
} > "$secrets/staging.env"
admin_key=$(random)
printf '%s' "$admin_key" > "$secrets/admin.key"
head -c 32 /dev/urandom | base64 | tr -d '\n' > "$secrets/key-encryption-key"

{
    echo "QUARKUS_DATASOURCE_PASSWORD=$(random)"
    echo "VAULTFERRY_ADMIN_KEY_SHA256=$(printf '%s' "$admin_key" | sha256)"
} > "$secrets/orchestrator-service.env"
for service in export import identity attachment; do
    token=$(random)
    name=$(printf '%s' "$service" | tr '[:lower:]' '[:upper:]')
    echo "VAULTFERRY_INTERNAL_TOKENS_$name=$token" >> "$secrets/orchestrator-service.env"
    {
        echo "QUARKUS_DATASOURCE_PASSWORD=$(random)"
        echo "VAULTFERRY_INTERNAL_TOKEN=$token"
    } > "$secrets/$service-service.env"
done

echo "Made $secrets. The admin key is in admin.key; give the roles in PostgreSQL the passwords of the .env files."
