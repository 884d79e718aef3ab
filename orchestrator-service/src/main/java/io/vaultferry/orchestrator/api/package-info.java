/** The REST API of migrations: what callers send and see. Errors are problem documents, written in one place. */
package io.vaultferry.orchestrator.api;
