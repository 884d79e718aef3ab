package io.vaultferry.bitwarden.client;

/** What was asked for does not exist, or the official server does not want this account to know that it does. */
public final class NotFoundException extends BitwardenException {
    private static final long serialVersionUID = 1L;

    NotFoundException(String attempt) {
        super("Nothing was found when trying to " + attempt + ".");
    }
}
