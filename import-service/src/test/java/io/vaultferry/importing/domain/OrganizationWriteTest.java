package io.vaultferry.importing.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.KeyPair;
import io.vaultferry.bitwarden.crypto.PrivateKey;
import io.vaultferry.bitwarden.crypto.PublicKey;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.participant.OrganizationToCreate;
import io.vaultferry.participant.journal.Payload;
import io.vaultferry.participant.journal.PlannedWrite;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrganizationWriteTest {

    private final KeyPair owner = KeyPair.make();
    private final OrganizationToCreate wanted =
            new OrganizationToCreate("Söhne & Töchter", "billing@example.test", owner.publicKey());

    @Test
    void theOwnerAndNobodyElseOpensTheKeyAndWithItEverything() {
        // When
        PlannedWrite write = OrganizationWrite.plan("migration", wanted);

        // Then
        Map<String, Object> payload = Payload.decodeTree(write.payload());
        try (SymmetricKey key = owner.privateKey().unwrap(EncString.parse((String) payload.get("key")));
                PrivateKey privateKey =
                        key.unwrapPrivateKey(EncString.parse((String) payload.get("wrappedPrivateKey")))) {
            assertThat(privateKey.publicKey()).isEqualTo(PublicKey.fromBase64((String) payload.get("publicKey")));
            assertThat(key.decryptText(EncString.parse(OrganizationWrite.firstCollectionIn(write.payload()))))
                    .isEqualTo("Default collection");
        }
        assertThat(write.token()).isEqualTo(payload.get("key"));
        assertThat(write.sourceId()).isEqualTo("migration");
        assertThat(payload)
                .containsEntry("name", "Söhne & Töchter")
                .containsEntry("billingEmail", "billing@example.test");
    }

    @Test
    void everyOrganizationHasAKeyOfItsOwn() {
        // When
        PlannedWrite one = OrganizationWrite.plan("migration", wanted);
        PlannedWrite other = OrganizationWrite.plan("migration", wanted);

        // Then
        try (SymmetricKey oneKey = owner.privateKey().unwrap(EncString.parse(one.token()));
                SymmetricKey otherKey = owner.privateKey().unwrap(EncString.parse(other.token()))) {
            assertThat(oneKey.sameAs(otherKey)).isFalse();
        }
    }
}
