/**
 * The Bitwarden-compatible server itself: its state, who may do what, and its endpoints. What another kind of server would
 * do differently is in {@link io.vaultferry.sandbox.server.Vaultwarden}.
 */
package io.vaultferry.sandbox.server;
