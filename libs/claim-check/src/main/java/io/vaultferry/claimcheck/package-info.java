/**
 * Payloads by reference: sealing under a migration's staging key, and the store where sealed documents lie.
 *
 * <p>The store never sees a key, and what is sealed here says nothing about where it is kept.
 */
package io.vaultferry.claimcheck;
