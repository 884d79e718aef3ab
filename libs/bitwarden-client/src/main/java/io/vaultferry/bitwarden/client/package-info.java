/**
 * A typed client of one Bitwarden-compatible server: what it answers, what it may be asked to do, and everything that
 * can go wrong on the way. JSON and HTTP stay inside; trees of items leave as plain maps and lists.
 */
package io.vaultferry.bitwarden.client;
