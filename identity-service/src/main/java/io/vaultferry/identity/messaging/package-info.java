/** The steps that identity-service carries out: a handler for each command. */
package io.vaultferry.identity.messaging;
