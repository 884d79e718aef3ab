/**
 * Writing to a server that is not idempotent: every write is recorded before it is sent, and what became of it is found out by
 * reading when the answer does not say.
 */
package io.vaultferry.participant.journal;
