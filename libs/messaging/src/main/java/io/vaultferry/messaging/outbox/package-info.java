/** The outbox table and the relay that empties it into Kafka. The only place that touches a Kafka producer. */
package io.vaultferry.messaging.outbox;
