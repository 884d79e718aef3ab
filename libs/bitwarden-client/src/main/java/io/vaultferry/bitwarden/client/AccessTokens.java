package io.vaultferry.bitwarden.client;

/** Where a session gets its access token from. Implementations are thread-safe. */
public interface AccessTokens {
    /** The token to use now. */
    AccessToken current();

    /**
     * A token to use instead of one that a server rejected or that is about to expire. Called once per rejected token
     * and thread; when another thread has renewed it already, answers with that token.
     *
     * @throws UnauthorizedException or LoginRefusedException when there is none
     */
    AccessToken renew(AccessToken rejected);

    /** One token that cannot be renewed; a session over it ends with the token. */
    static AccessTokens fixed(AccessToken token) {
        return new AccessTokens() {
            @Override
            public AccessToken current() {
                return token;
            }

            @Override
            public AccessToken renew(AccessToken rejected) {
                return token;
            }
        };
    }
}
