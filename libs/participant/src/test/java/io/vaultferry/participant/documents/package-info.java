/** Tests of the documents about vault contents. */
package io.vaultferry.participant.documents;
