package io.vaultferry.staging.s3;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.staging.ClaimCheckStoreContract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class S3StoreContractTest extends ClaimCheckStoreContract {

    private BucketServer server;
    private S3Store store;

    @BeforeEach
    void start() {
        server = BucketServer.start();
        store = S3Store.open(server.access());
    }

    @AfterEach
    void stop() {
        store.close();
        server.close();
    }

    @Override
    protected ClaimCheckStore store() {
        return store;
    }

    @Override
    protected List<String> keptFor(MigrationId migration) {
        List<String> kept = new ArrayList<>(server.keys().stream()
                .filter(key -> key.startsWith(migration.toString()))
                .toList());
        kept.addAll(Collections.nCopies(server.unfinishedUploads(), "unfinished"));
        return kept;
    }

    @Override
    protected void overwrite(ClaimCheck check, byte[] bytes) {
        server.write(check.location(), bytes);
    }

    @Override
    protected void remove(ClaimCheck check) {
        server.remove(check.location());
    }

    @Override
    protected void keep(MigrationId migration, String file) {
        server.write(migration + "/" + file, new byte[1]);
    }
}
