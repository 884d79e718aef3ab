/** Checks of the test support itself. */
package io.vaultferry.testsupport;
