package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.Kdf;
import java.util.Optional;

/**
 * How an account's master key is derived. A server answers for unknown accounts, too.
 *
 * @param salt when the server names one; the e-mail address otherwise
 */
public record Prelogin(Kdf kdf, Optional<String> salt) {}
