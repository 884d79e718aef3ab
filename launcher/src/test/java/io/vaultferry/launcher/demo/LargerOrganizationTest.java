package io.vaultferry.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vaultferry.bitwarden.crypto.AttachmentCrypto;
import io.vaultferry.bitwarden.crypto.AttachmentKeys;
import io.vaultferry.bitwarden.crypto.AttachmentKeys.Generation;
import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.launcher.demo.LargerOrganization.Made;
import io.vaultferry.sandbox.Sandbox;
import io.vaultferry.sandbox.SandboxConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LargerOrganizationTest {

    private static final long LARGE = 300_000;
    private static final MoreFiles MORE = new MoreFiles(13, 2, LARGE);

    @TempDir
    private Path directory;

    /** A file as somebody reads it who has the organization's key. */
    private record Read(String name, Generation generation, int size) {}

    @Test
    void everyFileOpensUnderItsKeyAndAllGenerationsOccur() throws IOException {
        // When
        Made made = LargerOrganization.make(MORE, directory);

        // Then
        List<Read> more = moreFilesIn(directory);
        Set<Generation> generations = EnumSet.noneOf(Generation.class);
        more.forEach(file -> generations.add(file.generation()));
        assertThat(made.files()).isEqualTo(15);
        assertThat(more).hasSize(15);
        assertThat(generations).containsExactlyInAnyOrder(Generation.values());
        assertThat(more.subList(0, 13))
                .allSatisfy(file -> assertThat(file.size()).isBetween(1, LargerOrganization.LARGEST_SMALL_FILE));
        assertThat(more.subList(13, 15))
                .allSatisfy(file -> assertThat(file.size()).isEqualTo((int) LARGE));
    }

    @Test
    void namesAndSizesAreTheSameEachTime() throws IOException {
        LargerOrganization.make(MORE, directory.resolve("first"));
        LargerOrganization.make(MORE, directory.resolve("second"));

        assertThat(moreFilesIn(directory.resolve("first"))).isEqualTo(moreFilesIn(directory.resolve("second")));
    }

    @Test
    void aSandboxTakesItAndKeepsItWhenTheDirectoryIsGone() throws IOException {
        // Given
        Made made = LargerOrganization.make(MORE, directory.resolve("seed"));
        Path data = directory.resolve("data");

        // When
        try (Sandbox sandbox = Sandbox.start(SandboxConfig.builder()
                .tls(false)
                .dataDirectory(data)
                .seed(made.seed())
                .build())) {
            for (Path file : files(directory.resolve("seed"))) {
                Files.delete(file);
            }

            // Then
            assertThat(sandbox.baseUrl()).isNotNull();
            long kept = 0;
            for (Path file : files(data.resolve("attachments"))) {
                kept += Files.size(file);
            }
            assertThat(kept).isGreaterThan(made.bytes());
        }
    }

    @Test
    void aDiskThatIsTooSmallIsNoticedBefore() {
        MoreFiles tooMuch = new MoreFiles(0, 1, Long.MAX_VALUE / 8);

        assertThatThrownBy(() -> LargerOrganization.make(tooMuch, directory))
                .isInstanceOf(DemoException.class)
                .hasMessageContaining("ask for fewer or smaller ones");
        assertThat(directory).isEmptyDirectory();
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            return tree.filter(Files::isRegularFile).toList();
        }
    }

    private static List<Read> moreFilesIn(Path organization) throws IOException {
        JsonNode stored =
                new ObjectMapper().readTree(organization.resolve("stored.json").toFile());
        byte[] key = Base64.getDecoder()
                .decode(stored.get("decryptedOrganizationKey").textValue());
        List<Read> files = new ArrayList<>();
        try (SymmetricKey organizationKey = SymmetricKey.takeOwnershipOf(key)) {
            for (JsonNode item : stored.get("ciphers")) {
                for (JsonNode attachment : item.get("attachments")) {
                    if (attachment.get("id").textValue().startsWith("0000000000")) {
                        files.add(read(organization, item, attachment, organizationKey));
                    }
                }
            }
        }
        return files;
    }

    private static Read read(Path organization, JsonNode item, JsonNode attachment, SymmetricKey organizationKey)
            throws IOException {
        byte[] encrypted =
                Files.readAllBytes(organization.resolve(attachment.get("id").textValue()));
        assertThat(attachment.get("size").textValue()).isEqualTo(Integer.toString(encrypted.length));
        AttachmentKeys.Source keys = new AttachmentKeys.Source(
                EncString.parseOptional(item.get("key").textValue()).orElse(null),
                EncString.parseOptional(attachment.get("key").textValue()).orElse(null),
                EncString.parse(attachment.get("fileName").textValue()));
        try (AttachmentKeys.Opened opened = AttachmentKeys.open(keys, organizationKey)) {
            return new Read(
                    opened.fileName(),
                    opened.generation(),
                    AttachmentCrypto.decrypt(encrypted, opened.contentKey()).length);
        }
    }
}
