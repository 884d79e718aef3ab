/**
 * What the tests of the services share: a real Kafka broker and PostgreSQL for every integration test, a way to look at topics,
 * Bitwarden-compatible servers with the recorded accounts, grants of an orchestrator that is not there, and the architecture rules.
 * Only ever in test scope.
 */
package io.vaultferry.testsupport;
