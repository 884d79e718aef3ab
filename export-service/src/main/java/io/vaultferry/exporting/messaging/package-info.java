/** The steps that export-service carries out: a handler for each command. */
package io.vaultferry.exporting.messaging;
