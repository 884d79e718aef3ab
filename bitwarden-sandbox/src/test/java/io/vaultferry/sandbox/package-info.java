/** Tests of the sandbox against what was recorded of the real server, and with the official client. */
package io.vaultferry.sandbox;
