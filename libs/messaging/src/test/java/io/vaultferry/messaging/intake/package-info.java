/** Tests of this package. */
package io.vaultferry.messaging.intake;
