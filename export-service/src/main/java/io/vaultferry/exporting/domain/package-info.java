/**
 * Reading a source organization and comparing a target with it: what counts, what is expected, what differs. Knows the
 * Bitwarden data types and no framework.
 */
package io.vaultferry.exporting.domain;
