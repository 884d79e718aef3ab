package io.vaultferry.bitwarden.client;

import java.util.Arrays;
import java.util.Optional;

/** Ways of two-step login, with the wire's numbers ({@code TwoFactorProviderType} of bitwarden/server). */
public enum TwoFactorProvider {
    AUTHENTICATOR(0),
    EMAIL(1),
    DUO(2),
    YUBIKEY(3),
    U2F(4),
    REMEMBER(5),
    ORGANIZATION_DUO(6),
    WEBAUTHN(7),
    RECOVERY_CODE(8);

    private final int code;

    TwoFactorProvider(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Optional<TwoFactorProvider> ofCode(int code) {
        return Arrays.stream(values()).filter(p -> p.code == code).findFirst();
    }
}
