/**
 * A small HTTP/1.1 server that can also misbehave on purpose: cut connections, truncate answers. It knows nothing of
 * Bitwarden.
 */
package io.vaultferry.sandbox.http;
