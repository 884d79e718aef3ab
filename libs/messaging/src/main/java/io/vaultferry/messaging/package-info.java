/**
 * How services talk to each other: what a participant implements ({@link io.vaultferry.messaging.StepHandler}) and what it
 * may call (outbox, inbox, jobs, intake of records). How it works is in the subpackages; nobody else touches a Kafka
 * producer.
 */
package io.vaultferry.messaging;
