package io.vaultferry.bitwarden.client;

import java.util.Optional;

/**
 * What a refresh gives.
 *
 * @param refreshToken to use from now on, when the server sent one; the old one stays valid otherwise
 */
public record Tokens(AccessToken accessToken, Optional<RefreshToken> refreshToken) {}
