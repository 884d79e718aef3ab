/**
 * The saga of a migration: one table of steps, one table of transitions, and one pure function that decides what follows
 * from an input. Knows no clock, database, broker or framework; the package {@code migration} runs it.
 */
package io.vaultferry.orchestrator.saga;
