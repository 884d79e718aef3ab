/** Kafka and PostgreSQL without a container engine: the broker inside this JVM, the database as a guarded child process. */
package io.vaultferry.infrastructure;
