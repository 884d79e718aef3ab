package io.vaultferry.participant.journal;

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
import io.vaultferry.contracts.ReasonCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** How the sending of a unit ended, as far as the answer tells. */
public sealed interface WriteAnswer {

    /**
     * The target did it.
     *
     * @param targetIds the new ids in the order of what was sent; empty when the target does not tell
     */
    record Yes(List<String> targetIds) implements WriteAnswer {
        public Yes {
            targetIds = List.copyOf(targetIds);
        }
    }

    /**
     * The target did nothing, and the same may be sent again.
     *
     * @param after how long the target wants to be left alone, when it says so
     * @param failure what to fail with when it does not let up
     */
    record NoSafeToResend(Optional<Duration> after, RuntimeException failure) implements WriteAnswer {}

    /**
     * The target refuses it. A part may have been stored all the same.
     *
     * @param reason why, when a single object was sent
     */
    record NoForGood(ReasonCode reason) implements WriteAnswer {}

    /** Whether the target did it is not known, and it may still be at it. */
    record Unknown() implements WriteAnswer {}

    /**
     * Sends and says how it ended.
     *
     * @param call sends, and returns the new ids, or none when the target does not tell
     * @throws BitwardenException when the account is not let in or the address is not allowed: nothing about the objects
     */
    static WriteAnswer of(Supplier<List<String>> call) {
        try {
            return new Yes(call.get());
        } catch (BitwardenException e) {
            return switch (e) {
                case RateLimitedException limited -> new NoSafeToResend(Optional.of(limited.retryAfter()), limited);
                case UnavailableException unavailable -> new NoSafeToResend(unavailable.retryAfter(), unavailable);
                case RefusedException refused -> new NoForGood(ReasonCode.REFUSED_BY_TARGET);
                case NotFoundException notFound -> new NoForGood(ReasonCode.REFUSED_BY_TARGET);
                case UnknownOutcomeException unknown -> new Unknown();
                case ProtocolViolationException unreadable -> new Unknown();
                case UnauthorizedException unauthorized -> throw unauthorized;
                case LoginRefusedException refused -> throw refused;
                case ForbiddenTargetException forbidden -> throw forbidden;
            };
        }
    }
}
