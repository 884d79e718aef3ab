package io.vaultferry.participant;

import io.vaultferry.bitwarden.client.BitwardenException;
import io.vaultferry.bitwarden.client.ForbiddenTargetException;
import io.vaultferry.bitwarden.client.LoginRefusedException;
import io.vaultferry.bitwarden.client.NotFoundException;
import io.vaultferry.bitwarden.client.ProtocolViolationException;
import io.vaultferry.bitwarden.client.RateLimitedException;
import io.vaultferry.bitwarden.client.RefusedException;
import io.vaultferry.bitwarden.client.UnauthorizedException;
import io.vaultferry.bitwarden.client.UnavailableException;
import io.vaultferry.bitwarden.client.UnknownOutcomeException;
import io.vaultferry.bitwarden.crypto.CryptoException;
import io.vaultferry.bitwarden.crypto.DecryptionFailedException;
import io.vaultferry.bitwarden.crypto.InvalidEncStringException;
import io.vaultferry.bitwarden.crypto.InvalidKeyException;
import io.vaultferry.bitwarden.crypto.UnsupportedEncryptionException;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingException;
import io.vaultferry.claimcheck.StagingUnavailableException;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.FailureClassifier;
import io.vaultferry.messaging.StepFailure;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * What the exceptions of the client, of the crypto and of the staging store mean for a step that cannot go on without what
 * failed. An object that can be left out is quarantined where it is handled, and never gets here.
 */
@ApplicationScoped
public class KnownFailures implements FailureClassifier {

    /** The messages of all three families are free of names and secrets, by their contracts. */
    @Override
    public Optional<StepFailure> classify(Throwable thrown) {
        return switch (thrown) {
            case BitwardenException failure -> Optional.of(of(failure));
            case CryptoException failure -> Optional.of(new StepFailure(codeOf(failure), failure.getMessage()));
            case StagingException failure -> Optional.of(new StepFailure(codeOf(failure), failure.getMessage()));
            case null, default -> Optional.empty();
        };
    }

    private static StepFailure of(BitwardenException failure) {
        String detail = failure.getMessage();
        return switch (failure) {
            case RateLimitedException limited ->
                new StepFailure(FailureCode.RATE_LIMITED, detail, Optional.of(limited.retryAfter()));
            case UnavailableException unavailable ->
                new StepFailure(FailureCode.SERVER_UNREACHABLE, detail, unavailable.retryAfter());
            case UnknownOutcomeException unknown -> new StepFailure(FailureCode.OUTCOME_UNSETTLED, detail);
            case UnauthorizedException unauthorized -> new StepFailure(FailureCode.RIGHTS_MISSING, detail);
            case LoginRefusedException refused -> new StepFailure(FailureCode.CREDENTIALS_REJECTED, detail);
            case NotFoundException notFound -> new StepFailure(FailureCode.ORGANIZATION_NOT_FOUND, detail);
            case RefusedException refused -> new StepFailure(FailureCode.REQUEST_REFUSED, detail);
            case ProtocolViolationException violation -> new StepFailure(FailureCode.PROTOCOL_VIOLATION, detail);
            case ForbiddenTargetException forbidden -> new StepFailure(FailureCode.FORBIDDEN_TARGET, detail);
        };
    }

    private static FailureCode codeOf(CryptoException failure) {
        return switch (failure) {
            case InvalidEncStringException invalid -> FailureCode.KEY_MISMATCH;
            case DecryptionFailedException failed -> FailureCode.KEY_MISMATCH;
            case InvalidKeyException invalid -> FailureCode.UNSUPPORTED_ENCRYPTION;
            case UnsupportedEncryptionException unsupported -> FailureCode.UNSUPPORTED_ENCRYPTION;
        };
    }

    private static FailureCode codeOf(StagingException failure) {
        return switch (failure) {
            case StagingUnavailableException unavailable -> FailureCode.STAGING_UNAVAILABLE;
            case StagedDataDamagedException damaged -> FailureCode.STAGED_DATA_DAMAGED;
        };
    }
}
