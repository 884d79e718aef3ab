/**
 * How groups and people of the source are put into the target's terms, sent and recognized there. Knows the Bitwarden data
 * types and no framework.
 */
package io.vaultferry.identity.domain;
