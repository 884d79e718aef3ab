/**
 * The tables of migrations: sagas with their steps, timers and history, exceptions, report and idempotency keys. Statements
 * join the caller's transaction; what crosses the border are records.
 */
package io.vaultferry.orchestrator.persistence;
