package io.vaultferry.orchestrator;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** Gives a test's orchestrator its keys: admin key, internal tokens, custody directory and key-encryption key. */
public final class TestKeys implements QuarkusTestResourceLifecycleManager {

    /** What an operator shows. Test data only. */
    public static final String ADMIN_KEY = "dGVzdC1vbmx5LWFkbWluLWtleS1vZi0zMi1ieXRlcy4";

    public static final String EXPORT_TOKEN = "test-only-internal-token-of-export-service";
    public static final String IMPORT_TOKEN = "test-only-internal-token-of-import-service";
    public static final String IDENTITY_TOKEN = "test-only-internal-token-of-identity-service";
    public static final String ATTACHMENT_TOKEN = "test-only-internal-token-of-attachment-service";

    /** Configuration key of a directory that lives as long as the orchestrator. */
    public static final String DIRECTORY = "vaultferry.test.directory";

    private static final int KEY_LENGTH = 32;

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("vaultferry-keys");
            Path kek = Files.createFile(
                    directory.resolve("key-encryption-key"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(kek, Base64.getEncoder().encodeToString(new byte[KEY_LENGTH]));
            return Map.ofEntries(
                    Map.entry(DIRECTORY, directory.toString()),
                    Map.entry("vaultferry.admin.key-sha256", sha256(ADMIN_KEY)),
                    Map.entry("vaultferry.internal.tokens.export", EXPORT_TOKEN),
                    Map.entry("vaultferry.internal.tokens.import", IMPORT_TOKEN),
                    Map.entry("vaultferry.internal.tokens.identity", IDENTITY_TOKEN),
                    Map.entry("vaultferry.internal.tokens.attachment", ATTACHMENT_TOKEN),
                    Map.entry(
                            "vaultferry.staging.directory",
                            directory.resolve("staging").toString()),
                    Map.entry(
                            "vaultferry.custody.directory",
                            directory.resolve("custody").toString()),
                    Map.entry("vaultferry.custody.kek-file", kek.toString()),
                    Map.entry("quarkus.http.test-port", "0"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory is kept: the temporary directory of the build machine is cleaned by others. */
    @Override
    public void stop() {}

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
