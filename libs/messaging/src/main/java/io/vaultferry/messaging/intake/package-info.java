/** What happens to a record on its way in: decoding, the inbox, retries, dead letters. */
package io.vaultferry.messaging.intake;
