/**
 * What the four participants share: access to one side of one migration by a grant from the orchestrator, and what failures of
 * the libraries mean for a step. Documents and the journal of target writes are in the subpackages.
 */
package io.vaultferry.participant;
