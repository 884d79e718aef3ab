/**
 * Runs the sagas: accepts migrations, turns replies, timers and operators' words into inputs of the saga, carries out the
 * orchestrator's own last step, and says what other packages may know about migrations.
 */
package io.vaultferry.orchestrator.migration;
