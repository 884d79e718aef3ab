/** Sealed documents about vault contents, which only participants read: snapshot, baseline and attachment manifest. */
package io.vaultferry.participant.documents;
