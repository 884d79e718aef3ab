/** Checks of the package of the same name. */
package io.vaultferry.infrastructure;
