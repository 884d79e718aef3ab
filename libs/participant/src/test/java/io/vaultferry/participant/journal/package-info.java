/** Tests of the journal, with a simulated target that loses, delays, swallows and refuses. */
package io.vaultferry.participant.journal;
