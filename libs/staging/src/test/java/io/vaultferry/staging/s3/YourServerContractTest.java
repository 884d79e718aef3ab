package io.vaultferry.staging.s3;

import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.staging.ClaimCheckStoreContract;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What every store promises, in a bucket of a server that runs already. Works below a prefix of its own:
 *
 * <pre>
 * ./ferry test -pl libs/staging -am -Dtest=YourServerContractTest -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dvaultferry.test.s3.endpoint=http://127.0.0.1:8333 -Dvaultferry.test.s3.bucket=a-bucket \
 *     -Dvaultferry.test.s3.access-key=... -Dvaultferry.test.s3.secret-key=...
 * </pre>
 */
@EnabledIfSystemProperty(
        named = "vaultferry.test.s3.endpoint",
        matches = ".+",
        disabledReason = "no server was named by -Dvaultferry.test.s3.endpoint")
class YourServerContractTest extends ClaimCheckStoreContract {

    private BucketAccess access;
    private S3Store store;
    private S3Client objects;

    @BeforeEach
    void open() {
        access = new BucketAccess(
                Optional.of(URI.create(System.getProperty("vaultferry.test.s3.endpoint"))),
                System.getProperty("vaultferry.test.s3.region", "us-east-1"),
                System.getProperty("vaultferry.test.s3.bucket", BucketServer.BUCKET),
                "test-" + UUID.randomUUID() + "/",
                Optional.of(new AccessKey(
                        System.getProperty("vaultferry.test.s3.access-key"),
                        System.getProperty("vaultferry.test.s3.secret-key"))),
                true,
                Optional.empty(),
                true,
                Duration.ofSeconds(60));
        store = S3Store.open(access);
        store.check();
        objects = S3Clients.open(access);
    }

    @AfterEach
    void removeEverything() {
        keysBelow(access.prefix())
                .forEach(key -> objects.deleteObject(
                        request -> request.bucket(access.bucket()).key(key)));
        objects.close();
        store.close();
    }

    @Override
    protected ClaimCheckStore store() {
        return store;
    }

    @Override
    protected List<String> keptFor(MigrationId migration) {
        String prefix = access.prefix() + migration + "/";
        List<String> kept = new ArrayList<>(keysBelow(prefix));
        objects.listMultipartUploadsPaginator(
                        request -> request.bucket(access.bucket()).prefix(prefix))
                .uploads()
                .forEach(upload -> kept.add("unfinished"));
        return kept;
    }

    @Override
    protected void overwrite(ClaimCheck check, byte[] bytes) {
        write(access.prefix() + check.location(), bytes);
    }

    @Override
    protected void remove(ClaimCheck check) {
        objects.deleteObject(request -> request.bucket(access.bucket()).key(access.prefix() + check.location()));
    }

    @Override
    protected void keep(MigrationId migration, String file) {
        write(access.prefix() + migration + "/" + file, new byte[1]);
    }

    private void write(String key, byte[] bytes) {
        objects.putObject(request -> request.bucket(access.bucket()).key(key), RequestBody.fromBytes(bytes));
    }

    private List<String> keysBelow(String prefix) {
        return objects
                .listObjectsV2Paginator(
                        request -> request.bucket(access.bucket()).prefix(prefix))
                .contents()
                .stream()
                .map(object -> object.key())
                .toList();
    }
}
