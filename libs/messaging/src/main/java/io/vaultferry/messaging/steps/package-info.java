/**
 * The step template: a command becomes a row of {@code step_job}, a worker holds the row's lease while the handler runs, and
 * the answer is stored and sent in one transaction.
 */
package io.vaultferry.messaging.steps;
