package io.vaultferry.staging;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.DirectoryStore;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DirectoryStoreContractTest extends ClaimCheckStoreContract {

    @TempDir
    private Path directory;

    private DirectoryStore store;

    @BeforeEach
    void open() {
        store = DirectoryStore.at(directory);
    }

    @Override
    protected ClaimCheckStore store() {
        return store;
    }

    @Override
    protected List<String> keptFor(MigrationId migration) throws IOException {
        Path documents = directory.resolve(migration.toString());
        if (!Files.exists(documents)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(documents)) {
            return files.map(Path::toString).toList();
        }
    }

    @Override
    protected void overwrite(ClaimCheck check, byte[] bytes) throws IOException {
        Files.write(directory.resolve(check.location()), bytes);
    }

    @Override
    protected void remove(ClaimCheck check) throws IOException {
        Files.delete(directory.resolve(check.location()));
    }

    @Override
    protected void keep(MigrationId migration, String file) throws IOException {
        Path documents = Files.createDirectories(directory.resolve(migration.toString()));
        Files.write(documents.resolve(file), new byte[1]);
    }
}
