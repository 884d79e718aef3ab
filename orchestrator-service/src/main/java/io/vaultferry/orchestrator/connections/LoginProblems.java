package io.vaultferry.orchestrator.connections;

import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.ForbiddenTargetException;
import io.vaultferry.bitwarden.client.LoginRefusedException;
import io.vaultferry.bitwarden.client.LoginRefusedException.Reason;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.ProtocolViolationException;
import io.vaultferry.bitwarden.client.RateLimitedException;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.bitwarden.client.TwoFactorProvider;
import io.vaultferry.bitwarden.client.UnauthorizedException;
import io.vaultferry.bitwarden.client.UnavailableException;
import io.vaultferry.bitwarden.client.UnknownOutcomeException;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.DecryptionFailedException;
import io.vaultferry.bitwarden.crypto.InvalidEncStringException;
import io.vaultferry.bitwarden.crypto.InvalidKeyException;
import io.vaultferry.bitwarden.crypto.UnsupportedEncryptionException;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;

/** Says which field of a request to connect is at fault when the server, or what it answers, is not as hoped. */
final class LoginProblems {

    private static final String SERVER_URL = "serverUrl";
    private static final String CREDENTIALS = "credentials";
    private static final String MASTER_PASSWORD = "credentials.masterPassword";

    private LoginProblems() {}

    /** The server was asked what it is, before any credential was sent. */
    static ProblemException whileContacting(BitwardenException exception) {
        return switch (exception) {
            case ForbiddenTargetException forbidden -> forbidden(forbidden);
            case RateLimitedException limited -> limited(limited);
            case UnavailableException unavailable -> unreachable(unavailable);
            case UnknownOutcomeException unknown -> unreachable(unknown);
            case NotFoundException notFound -> notBitwarden();
            case ProtocolViolationException violation -> notBitwarden();
            case RefusedException refused -> notBitwarden();
            case UnauthorizedException unauthorized -> notBitwarden();
            case LoginRefusedException refused -> notBitwarden();
        };
    }

    static ProblemException whileLoggingIn(BitwardenException exception) {
        return switch (exception) {
            case LoginRefusedException refused -> refused(refused);
            case ForbiddenTargetException forbidden -> forbidden(forbidden);
            case RateLimitedException limited -> limited(limited);
            case UnavailableException unavailable -> unreachable(unavailable);
            case UnknownOutcomeException unknown -> unreachable(unknown);
            case NotFoundException notFound -> notBitwarden();
            case ProtocolViolationException violation ->
                ProblemException.ofField(
                        ProblemCode.UNSUPPORTED_SERVER,
                        SERVER_URL,
                        "The server answered the login in a way that Vaultferry does not understand.");
            case RefusedException refused ->
                ProblemException.ofField(ProblemCode.WRONG_CREDENTIALS, CREDENTIALS, refused.getMessage());
            case UnauthorizedException unauthorized ->
                ProblemException.ofField(
                        ProblemCode.WRONG_CREDENTIALS,
                        CREDENTIALS,
                        "The server logged the account in, and then did not let it read its own profile.");
        };
    }

    /** The server let the account in; now its profile is read and its keys are opened. */
    static ProblemException whileUnlocking(BitwardenException exception, CredentialsRequest.Type type) {
        if (exception instanceof LoginRefusedException refused
                && refused.reason() == Reason.WRONG_PASSWORD
                && type == CredentialsRequest.Type.API_KEY) {
            // An API key logs in without the password, so the server could not say that it is wrong.
            return ProblemException.ofField(
                    ProblemCode.WRONG_CREDENTIALS,
                    MASTER_PASSWORD,
                    "The API key is right, but this master password does not open the account's keys.");
        }
        return whileLoggingIn(exception);
    }

    /** The account's keys are not of a kind that can be opened. */
    static ProblemException whileUnlocking(CryptoException exception) {
        return switch (exception) {
            case UnsupportedEncryptionException unsupported ->
                ProblemException.ofField(ProblemCode.UNSUPPORTED_ENCRYPTION, CREDENTIALS, unsupported.getMessage());
            case InvalidKeyException invalid ->
                ProblemException.ofField(ProblemCode.UNSUPPORTED_ENCRYPTION, CREDENTIALS, invalid.getMessage());
            case DecryptionFailedException failed -> keysNotUnderstood();
            case InvalidEncStringException invalid -> keysNotUnderstood();
        };
    }

    private static ProblemException keysNotUnderstood() {
        return ProblemException.ofField(
                ProblemCode.UNSUPPORTED_SERVER,
                SERVER_URL,
                "The server answered with account keys that Vaultferry does not understand.");
    }

    private static ProblemException refused(LoginRefusedException exception) {
        Reason reason = exception.reason();
        if (reason == Reason.TWO_FACTOR_REQUIRED
                && !exception.twoFactorProviders().contains(TwoFactorProvider.AUTHENTICATOR)) {
            return ProblemException.ofField(
                    ProblemCode.SECOND_FACTOR_REQUIRED,
                    CREDENTIALS,
                    "The account has a two-step login that cannot be typed here. Use its API key instead: credentials of"
                            + " type \"apiKey\".");
        }
        String field = reason.credential()
                .map(credential -> switch (credential) {
                    case MASTER_PASSWORD -> MASTER_PASSWORD;
                    case TOTP -> "credentials.totp";
                    case CLIENT_SECRET -> "credentials.clientSecret";
                    case NEW_DEVICE_CODE -> CREDENTIALS;
                })
                .orElse(CREDENTIALS);
        return ProblemException.ofField(codeOf(reason), field, exception.getMessage());
    }

    private static ProblemCode codeOf(Reason reason) {
        return switch (reason) {
            case TWO_FACTOR_REQUIRED -> ProblemCode.SECOND_FACTOR_REQUIRED;
            case WEAK_KEY_DERIVATION, LEGACY_ENCRYPTION, NO_MASTER_PASSWORD -> ProblemCode.UNSUPPORTED_ENCRYPTION;
            case CLIENT_TOO_OLD -> ProblemCode.UNSUPPORTED_SERVER;
            case WRONG_PASSWORD,
                    WRONG_API_KEY,
                    WRONG_TWO_FACTOR_CODE,
                    NEW_DEVICE_VERIFICATION_REQUIRED,
                    WRONG_NEW_DEVICE_CODE,
                    SINGLE_SIGN_ON_REQUIRED,
                    SESSION_ENDED,
                    OTHER -> ProblemCode.WRONG_CREDENTIALS;
        };
    }

    private static ProblemException forbidden(ForbiddenTargetException exception) {
        return ProblemException.ofField(ProblemCode.FORBIDDEN_TARGET, SERVER_URL, exception.getMessage());
    }

    private static ProblemException limited(RateLimitedException exception) {
        return ProblemException.of(
                        ProblemCode.RATE_LIMITED,
                        "The server limits logins. Try again in "
                                + exception.retryAfter().toSeconds() + " s.")
                .retryAfter(exception.retryAfter());
    }

    private static ProblemException unreachable(BitwardenException exception) {
        return ProblemException.ofField(
                ProblemCode.SERVER_UNREACHABLE,
                SERVER_URL,
                "The server cannot be reached. Check the address, the network and the certificate. "
                        + exception.getMessage());
    }

    private static ProblemException notBitwarden() {
        return ProblemException.ofField(
                ProblemCode.UNSUPPORTED_SERVER,
                SERVER_URL,
                "Something answers there, but not as a Bitwarden-compatible server. Give the address that the web vault"
                        + " is opened with, with its base path.");
    }
}
