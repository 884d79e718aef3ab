package io.vaultferry.bitwarden.client;

import io.vaultferry.bitwarden.client.LoginRefusedException.Reason;
import io.vaultferry.bitwarden.crypto.DecryptionFailedException;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.MasterKey;
import io.vaultferry.bitwarden.crypto.PrivateKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import java.util.List;

/**
 * An account whose keys are open in memory. Made once with the master password, of which nothing is kept.
 *
 * <p>Key chain: master password, master key, user key, private key, organization keys.
 */
public final class UnlockedAccount implements AutoCloseable {
    private final Profile profile;
    private final PrivateKey privateKey;

    private UnlockedAccount(Profile profile, PrivateKey privateKey) {
        this.profile = profile;
        this.privateKey = privateKey;
    }

    /**
     * @param masterPassword not kept; the caller wipes it
     * @throws LoginRefusedException with {@code WRONG_PASSWORD} when the master password does not open the account,
     *     which after a login by API key shows only here
     * @throws io.vaultferry.bitwarden.crypto.UnsupportedEncryptionException when the account's keys are of a kind that
     *     this program cannot open
     */
    public static UnlockedAccount unlock(BitwardenServer server, Login login, char[] masterPassword) {
        Profile profile =
                server.session(AccessTokens.fixed(login.accessToken())).profile();
        String salt = login.salt().orElse(profile.email());
        try (MasterKey masterKey = MasterKey.derive(login.kdf(), masterPassword, salt);
                SymmetricKey userKey = masterKey.unwrapUserKey(EncString.parse(login.wrappedUserKey()))) {
            PrivateKey privateKey = userKey.unwrapPrivateKey(EncString.parse(login.wrappedPrivateKey()));
            return new UnlockedAccount(profile, privateKey);
        } catch (DecryptionFailedException e) {
            throw new LoginRefusedException(Reason.WRONG_PASSWORD);
        }
    }

    public UserId userId() {
        return profile.id();
    }

    public String email() {
        return profile.email();
    }

    /** The confirmed memberships at the time of unlocking. */
    public List<OrganizationMembership> organizations() {
        return profile.organizations();
    }

    /** The account's own; closed with the account. */
    public PrivateKey privateKey() {
        return privateKey;
    }

    /**
     * A new key object that the caller closes.
     *
     * @throws NotFoundException when the account is no confirmed member of the organization
     */
    public SymmetricKey organizationKey(OrganizationId organization) {
        return profile.organizations().stream()
                .filter(membership -> membership.id().equals(organization))
                .flatMap(membership -> membership.wrappedKey().stream())
                .findFirst()
                .map(wrapped -> privateKey.unwrap(EncString.parse(wrapped)))
                .orElseThrow(() -> new NotFoundException("open the organization's key"));
    }

    @Override
    public void close() {
        privateKey.close();
    }

    @Override
    public String toString() {
        return "UnlockedAccount[" + profile.id() + "]";
    }
}
