/** The steps that import-service carries out: a handler for each command. */
package io.vaultferry.importing.messaging;
