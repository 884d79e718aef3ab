/** Kafka's topics as operators see them: how long they are, and how far each consumer group is behind. */
package io.vaultferry.orchestrator.topics;
