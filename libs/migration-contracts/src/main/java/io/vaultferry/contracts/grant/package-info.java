/**
 * The answer of the orchestrator's internal endpoint that lets a participant act for one side of one migration. Not a
 * message: it never travels through Kafka, and it is sealed for the participant that asked.
 */
package io.vaultferry.contracts.grant;
