package io.vaultferry.bitwarden.client;

import java.util.Arrays;
import java.util.Optional;

/** E-mail address and master password of an account, with a second factor when it has one. Wiped by {@link #close()}. */
public final class PasswordCredentials implements AutoCloseable {
    private final String email;
    private final char[] masterPassword;
    private final TwoFactorProvider provider;
    private final String twoFactorCode;
    private final String newDeviceCode;

    private PasswordCredentials(
            String email,
            char[] masterPassword,
            TwoFactorProvider provider,
            String twoFactorCodeOrNull,
            String newDeviceCodeOrNull) {
        this.email = email;
        this.masterPassword = masterPassword;
        this.provider = provider;
        this.twoFactorCode = twoFactorCodeOrNull;
        this.newDeviceCode = newDeviceCodeOrNull;
    }

    /** Copies the password; the caller wipes its own. */
    public static PasswordCredentials of(String email, char[] masterPassword) {
        return new PasswordCredentials(
                email.strip(), masterPassword.clone(), TwoFactorProvider.AUTHENTICATOR, null, null);
    }

    /** These credentials with the code that the account's authenticator shows now. */
    public PasswordCredentials withAuthenticatorCode(String code) {
        return withTwoFactorCode(TwoFactorProvider.AUTHENTICATOR, code);
    }

    /** These credentials with a second factor that can be typed: authenticator, e-mail, YubiKey or recovery code. */
    public PasswordCredentials withTwoFactorCode(TwoFactorProvider secondFactor, String code) {
        return new PasswordCredentials(email, masterPassword.clone(), secondFactor, code.strip(), newDeviceCode);
    }

    /** These credentials with the code that the server mailed to verify a new device. */
    public PasswordCredentials withNewDeviceCode(String code) {
        return new PasswordCredentials(email, masterPassword.clone(), provider, twoFactorCode, code.strip());
    }

    String email() {
        return email;
    }

    char[] masterPassword() {
        return masterPassword;
    }

    TwoFactorProvider twoFactorProvider() {
        return provider;
    }

    Optional<String> twoFactorCode() {
        return Optional.ofNullable(twoFactorCode);
    }

    Optional<String> newDeviceCode() {
        return Optional.ofNullable(newDeviceCode);
    }

    @Override
    public void close() {
        Arrays.fill(masterPassword, '\0');
    }

    @Override
    public String toString() {
        return "PasswordCredentials[redacted]";
    }
}
