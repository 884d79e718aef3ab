/** Where what participants say comes in. */
package io.vaultferry.orchestrator.messaging;
