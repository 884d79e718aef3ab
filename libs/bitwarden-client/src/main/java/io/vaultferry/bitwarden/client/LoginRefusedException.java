package io.vaultferry.bitwarden.client;

import java.util.Optional;
import java.util.Set;

/** The server, or this client for the account's sake, refused a login. {@link #reason()} says what has to change. */
public final class LoginRefusedException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final Set<TwoFactorProvider> providers;

    LoginRefusedException(Reason reason) {
        this(reason, Set.of());
    }

    LoginRefusedException(Reason reason, Set<TwoFactorProvider> providers) {
        this(reason, providers, "");
    }

    LoginRefusedException(Reason reason, Set<TwoFactorProvider> providers, String serverMessage) {
        super(reason.sentence + (serverMessage.isEmpty() ? "" : " The server's words: " + serverMessage));
        this.reason = reason;
        this.providers = Set.copyOf(providers);
    }

    public Reason reason() {
        return reason;
    }

    /** The second factors that the account has; empty unless {@link Reason#TWO_FACTOR_REQUIRED}. */
    public Set<TwoFactorProvider> twoFactorProviders() {
        return providers;
    }

    /** Why a login was refused. */
    public enum Reason {
        WRONG_PASSWORD("The e-mail address or the master password is wrong.", Credential.MASTER_PASSWORD),
        WRONG_API_KEY("The API key's client id or client secret is wrong.", Credential.CLIENT_SECRET),
        TWO_FACTOR_REQUIRED(
                "The account has two-step login: give the current code of its authenticator, or use its API key.",
                Credential.TOTP),
        WRONG_TWO_FACTOR_CODE("The two-step login code is wrong or was used before.", Credential.TOTP),
        NEW_DEVICE_VERIFICATION_REQUIRED(
                "The server wants to verify this new device by a code that it sent by e-mail. Use the account's API key,"
                        + " or turn two-step login on.",
                Credential.NEW_DEVICE_CODE),
        WRONG_NEW_DEVICE_CODE("The code that verifies this new device is wrong.", Credential.NEW_DEVICE_CODE),
        SINGLE_SIGN_ON_REQUIRED(
                "The account's organization requires single sign-on: use the account's API key instead.", null),
        CLIENT_TOO_OLD("The server no longer accepts this version of the client.", null),
        LEGACY_ENCRYPTION(
                "The account has no user key of its own yet: log in to the web vault once, which makes one.", null),
        NO_MASTER_PASSWORD("The account has no master password, so its keys cannot be unlocked here.", null),
        WEAK_KEY_DERIVATION(
                "The server asks for a key derivation that is too weak or too costly. Nothing was derived or sent."
                        + " If the account really has it, raise it in the web vault.",
                null),
        SESSION_ENDED("The session has ended: log in again.", null),
        OTHER("The server refused the login and gave no reason that is known here.", null);

        private final String sentence;
        private final Credential credential;

        Reason(String sentence, Credential credentialOrNull) {
            this.sentence = sentence;
            this.credential = credentialOrNull;
        }

        /** The credential to change before trying again, when it is one. */
        public Optional<Credential> credential() {
            return Optional.ofNullable(credential);
        }
    }

    /** A part of what a person gives to log in. */
    public enum Credential {
        MASTER_PASSWORD,
        TOTP,
        CLIENT_SECRET,
        NEW_DEVICE_CODE
    }
}
