/** Tests of the saga: scripts, the whole grid of situations and inputs, a simulation, and the generated picture. */
package io.vaultferry.orchestrator.saga;
