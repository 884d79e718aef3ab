/**
 * How collections and items are encrypted for the target, sent and recognized there. Knows the Bitwarden data types and no
 * framework.
 */
package io.vaultferry.importing.domain;
