package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.crypto.PrivateKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.util.List;

/** Skeleton. */
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Skeleton.
public final class UnlockedAccount implements AutoCloseable {
    private UnlockedAccount() {}

    /** The e-mail address (the usual salt) is taken from the profile. */
    public static UnlockedAccount unlock(BitwardenServer server, Login login, char[] masterPassword) {
        throw new UnsupportedOperationException();
    }

    public UserId userId() {
        throw new UnsupportedOperationException();
    }

    public String email() {
        throw new UnsupportedOperationException();
    }

    public List<OrganizationMembership> organizations() {
        throw new UnsupportedOperationException();
    }

    /** The account's own; closed with the account. */
    public PrivateKey privateKey() {
        throw new UnsupportedOperationException();
    }

    /** A new key object that the caller closes. */
    public SymmetricKey organizationKey(OrganizationId organization) {
        throw new UnsupportedOperationException();
    }

    /** What the server asks for again before it deletes an organization; as secret as the password. */
    public String masterPasswordHash() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
