/** Tests of the sealed documents. */
package io.vaultferry.claimcheck.documents;
