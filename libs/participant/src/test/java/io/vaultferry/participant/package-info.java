/** Tests of grants and failures. */
package io.vaultferry.participant;
