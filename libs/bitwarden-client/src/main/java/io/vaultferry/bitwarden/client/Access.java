package io.vaultferry.bitwarden.client;

/**
 * What a group or a member may do with the items of a collection.
 *
 * @param <T> whom or what the access is given: a group or member as seen from a collection, a collection as seen from
 *     a group or member
 */
public record Access<T extends Id>(T id, boolean readOnly, boolean hidePasswords, boolean manage) {}
