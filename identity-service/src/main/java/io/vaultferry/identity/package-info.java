/** Identity service: groups, members and policies of the target organization. */
package io.vaultferry.identity;
