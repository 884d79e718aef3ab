/** The orchestrator: REST API, saga, custody of credentials, lag of topics. */
package io.vaultferry.orchestrator;
