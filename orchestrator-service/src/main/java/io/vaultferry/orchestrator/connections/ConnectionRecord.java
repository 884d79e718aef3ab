package io.vaultferry.orchestrator.connections;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.vaultferry.bitwarden.client.MemberRole;
import io.vaultferry.bitwarden.client.MemberStatus;
import io.vaultferry.bitwarden.client.OrganizationMembership;
import io.vaultferry.contracts.ServerFacts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What is kept of a connection: at rest only sealed, see {@link ConnectionStore}. Neither the master password nor anything
 * derived from it is part of it.
 *
 * @param privateKey the account's private key (PKCS #8, base64), which opens the organizations' keys
 */
record ConnectionRecord(
        ConnectionId id,
        String name,
        String serverUrl,
        ServerFacts server,
        UUID deviceIdentifier,
        String userId,
        String email,
        Credential credential,
        String privateKey,
        List<Organization> organizations,
        Instant createdAt) {

    ConnectionRecord {
        organizations = List.copyOf(organizations);
    }

    ConnectionRecord with(Credential renewed) {
        return new ConnectionRecord(
                id,
                name,
                serverUrl,
                server,
                deviceIdentifier,
                userId,
                email,
                renewed,
                privateKey,
                organizations,
                createdAt);
    }

    ConnectionRecord with(List<Organization> seen) {
        return new ConnectionRecord(
                id, name, serverUrl, server, deviceIdentifier, userId, email, credential, privateKey, seen, createdAt);
    }

    ConnectionRecord madeAt(Instant moment) {
        return new ConnectionRecord(
                id,
                name,
                serverUrl,
                server,
                deviceIdentifier,
                userId,
                email,
                credential,
                privateKey,
                organizations,
                moment);
    }

    Optional<Organization> organization(String organizationId) {
        return organizations.stream()
                .filter(organization -> organization.id().equals(organizationId))
                .findFirst();
    }

    @Override
    public String toString() {
        return "ConnectionRecord[" + id + "]";
    }

    /** What a new access token is had for. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = ApiKey.class, name = "apiKey"),
        @JsonSubTypes.Type(value = Refresh.class, name = "refreshToken")
    })
    sealed interface Credential {}

    record ApiKey(String clientId, String clientSecret) implements Credential {
        @Override
        public String toString() {
            return "ApiKey[redacted]";
        }
    }

    record Refresh(String token) implements Credential {
        @Override
        public String toString() {
            return "Refresh[redacted]";
        }
    }

    /**
     * An organization that the account is a member of.
     *
     * @param wrappedKey its key, wrapped for the account's public key; null when the server gave none
     * @param viaProvider whether the key is wrapped for a provider instead
     */
    record Organization(
            String id,
            String name,
            MemberRole role,
            MemberStatus status,
            boolean enabled,
            boolean viaProvider,
            String wrappedKey) {

        static Organization of(OrganizationMembership membership) {
            return new Organization(
                    membership.id().value(),
                    membership.name(),
                    membership.role(),
                    membership.status(),
                    membership.enabled(),
                    membership.viaProvider(),
                    membership.wrappedKey().orElse(null));
        }

        @Override
        public String toString() {
            return "Organization[" + id + "]";
        }
    }
}
