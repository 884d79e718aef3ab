/** Migrations: their saga, their table, and what other packages may know about them. */
package io.vaultferry.orchestrator.migration;
