/**
 * The sealed documents that steps hand to each other, and what is common to all of them: a header line, then one JSON object a
 * line, sealed as a stream. Documents are written and read line by line and are never in memory as a whole.
 */
package io.vaultferry.claimcheck.documents;
