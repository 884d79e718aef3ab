/**
 * What the tests of the services share: a real Kafka broker and PostgreSQL for every integration test, a way to look at topics, and
 * the architecture rules. Only ever in test scope.
 */
package io.vaultferry.testsupport;
