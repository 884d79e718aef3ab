package io.vaultferry.bitwarden.client;

/**
 * The sealed family of everything that can go wrong when talking to a server. What a caller may do next is a property
 * of the type: {@link UnavailableException} and {@link RateLimitedException} may be sent again,
 * {@link UnknownOutcomeException} must be settled by reading, and all others are final answers.
 *
 * <p>No message holds a response body, a credential, a token, an address with its query or anything encrypted, and no
 * cause is kept: the exceptions of parsers and of TLS quote what they were fed.
 */
public abstract sealed class BitwardenException extends RuntimeException
        permits ForbiddenTargetException,
                LoginRefusedException,
                NotFoundException,
                ProtocolViolationException,
                RateLimitedException,
                RefusedException,
                UnauthorizedException,
                UnavailableException,
                UnknownOutcomeException {
    private static final long serialVersionUID = 1L;

    BitwardenException(String message) {
        super(message, null, true, true);
    }
}
