/**
 * Custody of credentials: logs in to servers, keeps what a migration needs sealed, and hands it out again. The only
 * package of the orchestrator that talks to Bitwarden-compatible servers.
 */
package io.vaultferry.orchestrator.connections;
