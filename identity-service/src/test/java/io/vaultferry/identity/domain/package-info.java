/** How groups, people and policies are put into the target's terms, without a server. */
package io.vaultferry.identity.domain;
