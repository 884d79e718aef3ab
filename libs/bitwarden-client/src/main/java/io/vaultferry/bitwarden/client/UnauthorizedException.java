package io.vaultferry.bitwarden.client;

/**
 * The account may not do this, or its access token is no longer accepted.
 *
 * <p>Vaultwarden answers 401 for both (its {@code error.rs}), so a session renews its token once and only a second 401
 * ends here. The official server answers 403 for missing rights on members, groups and policies, and 404 on most others.
 */
public final class UnauthorizedException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    private final int status;

    UnauthorizedException(String attempt, int status) {
        super("The account is not allowed to " + attempt + ", or its access token is no longer accepted (" + status
                + ").");
        this.status = status;
    }

    /** The HTTP status, 401 or 403. */
    public int status() {
        return status;
    }
}
