/**
 * Everything that the services say to each other: step commands, replies, work records, their ids, codes and topics.
 *
 * <p>Messages carry ids, counts, states, codes and claim checks. They never carry a name, an e-mail address, an encrypted
 * string, a key or a credential; a test reads every permitted message type and refuses such members.
 */
package io.vaultferry.contracts;
