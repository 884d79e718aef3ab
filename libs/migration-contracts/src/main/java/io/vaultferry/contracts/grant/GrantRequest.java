package io.vaultferry.contracts.grant;

/**
 * Body of {@code POST /internal/v1/migrations/{id}/grants/{side}}.
 *
 * @param rejectedTokenSha256 hexadecimal SHA-256 of an access token that the server rejected, so that a new one is made;
 *     null otherwise
 */
public record GrantRequest(String rejectedTokenSha256) {}
