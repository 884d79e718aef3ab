/** Import service: inspects and prepares the target organization, and creates collections and items in it. */
package io.vaultferry.importing;
