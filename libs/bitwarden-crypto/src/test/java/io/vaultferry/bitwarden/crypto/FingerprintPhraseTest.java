package io.vaultferry.bitwarden.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintPhraseTest {
    // The hash of the list that the official clients use.
    @Test
    void wordListIsTheOneOfTheOfficialClients() throws NoSuchAlgorithmException {
        List<String> words = FingerprintPhrase.wordList();
        assertThat(words).hasSize(7776).startsWith("abacus").endsWith("zoom").contains("drop-down", "yo-yo");
        byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest(String.join("\n", words).getBytes(US_ASCII));
        assertThat(HexFormat.of().formatHex(hash))
                .isEqualTo("abae49761b88f3f1ba31ef944bea1f61b795a3cd7e1cfb7d276ed45bf77967ba");
    }

    @Test
    void phraseIsAnotherOneForAnotherUserOrAnotherKey() {
        PublicKey key = PublicKey.fromBase64(KnownAnswers.text("fingerprint.publicKey"));
        PublicKey otherKey = PublicKey.fromBase64(KnownAnswers.text("account.organizationPublicKey"));
        String phrase = FingerprintPhrase.of("a09726a0-9590-49d1-a5f5-afe300b6a515", key);
        assertThat(FingerprintPhrase.of("a09726a0-9590-49d1-a5f5-afe300b6a516", key))
                .isNotEqualTo(phrase);
        assertThat(FingerprintPhrase.of("a09726a0-9590-49d1-a5f5-afe300b6a515", otherKey))
                .isNotEqualTo(phrase);
    }
}
