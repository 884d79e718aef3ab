package io.vaultferry.contracts;

/**
 * What a server says it is.
 *
 * @param kind {@code VAULTWARDEN}, {@code BITWARDEN_CLOUD}, {@code BITWARDEN_SELF_HOSTED} or {@code OTHER}
 * @param version the version that its configuration answer states
 */
public record ServerFacts(String kind, String version) {}
