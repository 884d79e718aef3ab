/**
 * Hands a participant what it needs to act for one side of one migration, for a short while, and nothing once the
 * migration has ended.
 */
package io.vaultferry.orchestrator.grants;
