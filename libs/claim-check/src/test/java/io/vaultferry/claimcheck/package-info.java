/** Tests of sealing and of the store. */
package io.vaultferry.claimcheck;
