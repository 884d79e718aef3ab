/** Vaultferry on one machine: the data directory, Kafka, PostgreSQL, and the five services as supervised child processes. */
package io.vaultferry.launcher.system;
