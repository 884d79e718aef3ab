/** Parts of the server that need no server to be tested. */
package io.vaultferry.sandbox.server;
