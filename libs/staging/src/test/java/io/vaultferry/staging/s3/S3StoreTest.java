package io.vaultferry.staging.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.claimcheck.StagingUnavailableException;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.staging.s3.FaultyWire.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** The store in a bucket where servers and networks are not as they should be. */
class S3StoreTest {

    private static final int MIB = 1024 * 1024;
    private static final String PASSWORD = "of a key store for tests";

    private final MigrationId migration = MigrationId.make();
    private BucketServer server;
    private S3Store store;
    private FaultyWire wire;

    @AfterEach
    void stop() {
        if (store != null) {
            store.close();
        }
        if (wire != null) {
            wire.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 20 * MIB})
    void bytesThatWereAlteredOnTheirWayAreRefusedByTheServer(int size) {
        // Given
        startBehindAWire();

        // When
        wire.inject(Fault.REQUEST_ALTERED, size / 2);

        // Then
        assertThatThrownBy(() -> put(size))
                .isInstanceOf(StagingUnavailableException.class)
                .hasMessageContaining("the bucket's server answers 400");
        assertThat(wire.hasHappened()).isTrue();
        assertThatNothingIsLeft();
    }

    @ParameterizedTest
    @ValueSource(ints = {100_000, 20 * MIB})
    void aConnectionThatBreaksInTheMiddleOfAWriteIsMadeAgain(int size) throws IOException {
        // Given
        startBehindAWire();

        // When
        wire.inject(Fault.REQUEST_CUT, size / 2);
        ClaimCheck check = put(size);

        // Then
        assertThat(wire.hasHappened()).isTrue();
        assertThat(read(check)).hasSize(size);
        assertThat(server.keys()).containsExactly(check.location());
    }

    @Test
    void aConnectionThatBreaksInTheMiddleOfAReadIsTold() {
        // Given
        startBehindAWire();
        ClaimCheck check = put(9 * MIB);

        // When
        wire.inject(Fault.ANSWER_CUT, 4 * MIB);

        // Then
        assertThatThrownBy(() -> read(check))
                .isInstanceOf(StagingUnavailableException.class)
                .hasNoCause();
        assertThat(wire.hasHappened()).isTrue();
        assertThatCode(() -> read(check)).doesNotThrowAnyException();
    }

    @Test
    void aServerThatFailsInTheMiddleOfAnUploadLeavesNothing() {
        // Given
        start(objects -> new ForwardingBlobStore(objects) {
            @Override
            public UploadPartResponse uploadMultipartPart(
                    MultipartUpload upload, UploadPartRequest request, InputStream bytes) {
                if (request.partNumber() == 2) {
                    throw new UncheckedIOException(new IOException("the server's disk is full"));
                }
                return super.uploadMultipartPart(upload, request, bytes);
            }
        });

        // Then
        assertThatThrownBy(() -> put(20 * MIB))
                .isInstanceOf(StagingUnavailableException.class)
                .hasMessageContaining("500")
                .hasNoCause();
        assertThatNothingIsLeft();
    }

    @Test
    void aSealThatIsClosedAfterTheFailureDoesNotHideIt() {
        // Given
        start(objects -> new ForwardingBlobStore(objects) {
            @Override
            public UploadPartResponse uploadMultipartPart(
                    MultipartUpload upload, UploadPartRequest request, InputStream bytes) {
                throw new UncheckedIOException(new IOException("the server's disk is full"));
            }
        });

        // When
        assertThatThrownBy(() -> store.put(migration, "snapshot", out -> {
                    try (OutputStream sealing = StagingKey.make().sealing(out, "document")) {
                        sealing.write(new byte[20 * MIB]);
                    }
                }))
                // Then
                .isInstanceOf(StagingUnavailableException.class)
                .hasMessageContaining("500");
        assertThatNothingIsLeft();
    }

    @Test
    void anUploadWhoseLastAnswerIsLostIsFoundToBeComplete() throws IOException {
        // Given
        AtomicInteger completed = new AtomicInteger();
        start(objects -> new ForwardingBlobStore(objects) {
            @Override
            public CompleteMultipartUploadResponse completeMultipartUpload(
                    MultipartUpload upload, CompleteMultipartUploadRequest request) {
                if (completed.getAndIncrement() == 0) {
                    super.completeMultipartUpload(upload, request);
                }
                throw new UncheckedIOException(new IOException("the answer is lost"));
            }
        });

        // When
        ClaimCheck check = put(20 * MIB);

        // Then
        assertThat(completed).hasValueGreaterThan(0);
        assertThat(read(check)).hasSize(20 * MIB);
    }

    @Test
    void aServerThatKeepsOtherBytesThanItConfirmedIsFoundOut() {
        // Given
        start(objects -> new ForwardingBlobStore(objects) {
            @Override
            public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
                PutObjectResponse confirmed = super.putBlob(request, bytes);
                byte[] others = new byte[Math.toIntExact(request.contentLength())];
                others[100] = 1;
                super.putBlob(
                        PutObjectRequest.builder()
                                .bucket(request.bucket())
                                .key(request.key())
                                .contentLength(request.contentLength())
                                .build(),
                        new ByteArrayInputStream(others));
                return confirmed;
            }
        });

        // Then
        assertThatThrownBy(() -> put(100_000))
                .isInstanceOf(StagingUnavailableException.class)
                .hasMessageContaining("keeps other bytes");
        assertThatNothingIsLeft();
    }

    /** As with encryption by a key service, where the tag is no digest. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100_000, 9 * MIB})
    void aServerWhoseDescriptionProvesNothingIsAskedForTheDocument(int size) throws IOException {
        // Given
        AtomicInteger described = new AtomicInteger();
        start(objects -> new ForwardingBlobStore(objects) {
            @Override
            public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
                described.incrementAndGet();
                return super.blobMetadata(request).toBuilder()
                        .eTag("\"0123456789abcdef0123456789abcdef\"")
                        .checksumSHA256(null)
                        .build();
            }
        });

        // When
        ClaimCheck check = put(size);

        // Then
        assertThat(described).hasValueGreaterThan(0);
        assertThat(read(check)).hasSize(size);
    }

    @Test
    void whatACrashedProcessLeftUnfinishedIsCountedAndDiscarded() throws IOException {
        // Given
        server = BucketServer.start();
        try (S3Store crashing = S3Store.open(server.access())) {
            Upload upload = new Upload(
                    S3Clients.open(server.access()), BucketServer.BUCKET, migration + "/snapshot-" + "0".repeat(32));
            upload.write(new byte[9 * MIB], 0, 9 * MIB);

            // When
            long counted = crashing.usage(migration);
            crashing.discard(MigrationId.make());
            int unfinished = server.unfinishedUploads();
            crashing.discard(migration);

            // Then
            assertThat(counted).isEqualTo(8L * MIB);
            assertThat(unfinished).isEqualTo(1);
            assertThatNothingIsLeft();
        }
    }

    @Test
    void aSmallDocumentIsOneRequest() {
        // Given
        AtomicInteger parts = new AtomicInteger();
        start(objects -> new ForwardingBlobStore(objects) {
            @Override
            public UploadPartResponse uploadMultipartPart(
                    MultipartUpload upload, UploadPartRequest request, InputStream bytes) {
                parts.incrementAndGet();
                return super.uploadMultipartPart(upload, request, bytes);
            }
        });

        // When
        put(8 * MIB);

        // Then
        assertThat(parts).hasValue(0);
    }

    @Test
    void everyKeyBeginsWithThePrefix() throws IOException {
        // Given
        server = BucketServer.start();
        server.write("other/" + migration + "/snapshot-" + "0".repeat(32), new byte[1]);
        store = S3Store.open(withPrefix(server.access(), "vaultferry/staging/"));

        // When
        ClaimCheck check = put(100);

        // Then
        assertThat(check.location()).startsWith(migration + "/snapshot-");
        assertThat(server.keys()).contains("vaultferry/staging/" + check.location());
        assertThat(read(check)).hasSize(100);
        assertThat(store.usage(migration)).isEqualTo(100);
        store.discard(migration);
        assertThat(server.keys()).containsExactly("other/" + migration + "/snapshot-" + "0".repeat(32));
    }

    @Test
    void aWrongKeyIsToldWithoutBeingRepeated() {
        // Given
        server = BucketServer.start();
        BucketAccess access = server.access();
        store = S3Store.open(withKey(access, new AccessKey("somebody-else", "not the secret")));

        // Then
        assertThatThrownBy(() -> store.check())
                .isInstanceOf(StagingUnavailableException.class)
                .hasMessageStartingWith("the staging bucket cannot be written: the bucket's server answers 403")
                .hasMessageNotContainingAny("somebody-else", "not the secret")
                .hasNoCause();
        assertThat(access.toString()).doesNotContain(server.accessKey(), server.secretKey());
    }

    @Test
    void aServerThatIsNotThereIsToldWithoutItsAddress() throws IOException {
        // Given
        URI nobody;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
        server = BucketServer.start();
        store = S3Store.open(server.accessThrough(nobody));

        // Then
        assertThatThrownBy(
                        () -> store.get(new ClaimCheck(migration + "/snapshot-" + "0".repeat(32), "0".repeat(64), 1)))
                .isInstanceOf(StagingUnavailableException.class)
                .hasMessage("a staged document cannot be opened: the bucket's server is not reached (ConnectException)")
                .hasNoCause();
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForForever() throws IOException {
        // Given
        server = BucketServer.start();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            store = S3Store.open(withPatience(
                    server.accessThrough(URI.create("http://127.0.0.1:" + silent.getLocalPort())),
                    Duration.ofMillis(300)));

            // Then
            assertThatThrownBy(() -> put(100))
                    .isInstanceOf(StagingUnavailableException.class)
                    .hasMessageContaining("the bucket's server");
        }
    }

    @Test
    void aMissingBucketIsNoMissingDocument() {
        // Given
        server = BucketServer.startEmpty(UnaryOperator.identity());
        store = S3Store.open(server.access());
        ClaimCheck check = new ClaimCheck(migration + "/snapshot-" + "0".repeat(32), "0".repeat(64), 1);

        // Then
        assertThatThrownBy(() -> store.get(check))
                .isInstanceOf(StagingUnavailableException.class)
                .hasMessageContaining("NoSuchBucket");
        assertThatThrownBy(() -> store.check()).hasMessageContaining("NoSuchBucket");
        assertThatThrownBy(() -> put(1)).hasMessageContaining("NoSuchBucket");
    }

    @Test
    void aMissingPageOfSomebodyOnTheWayIsNoMissingDocument() throws IOException {
        // Given
        HttpServer gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
            byte[] page = "<html>no such page</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(404, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        gateway.start();
        server = BucketServer.start();
        store = S3Store.open(server.accessThrough(
                URI.create("http://127.0.0.1:" + gateway.getAddress().getPort())));

        // Then
        try {
            assertThatThrownBy(() ->
                            store.get(new ClaimCheck(migration + "/snapshot-" + "0".repeat(32), "0".repeat(64), 1)))
                    .isInstanceOf(StagingUnavailableException.class)
                    .hasMessage("a staged document cannot be opened: the bucket's server answers 404");
        } finally {
            gateway.stop(0);
        }
    }

    @Test
    void aMissingBucketIsMadeWhereItMayBe() throws IOException {
        // Given
        server = BucketServer.startEmpty(UnaryOperator.identity());
        store = S3Store.open(creating(server.access()));

        // When
        store.check();
        store.check();

        // Then
        assertThat(read(put(100))).hasSize(100);
    }

    @Test
    void aDocumentOfAVanishedServerIsNotCalledDamaged() {
        // Given
        start(UnaryOperator.identity());
        ClaimCheck check = put(100);

        // When
        server.close();
        server = null;

        // Then
        assertThatThrownBy(() -> store.get(check)).isInstanceOf(StagingUnavailableException.class);
    }

    @Test
    void onlyTheAuthorityThatWasNamedIsTrusted(@TempDir Path directory) throws Exception {
        // Given
        Path keyStore = directory.resolve("server.p12");
        Path authority = directory.resolve("authority.pem");
        keytool(
                "-genkeypair",
                "-alias",
                "s3",
                "-keyalg",
                "EC",
                "-dname",
                "CN=s3",
                "-ext",
                "san=ip:127.0.0.1",
                "-keystore",
                keyStore.toString(),
                "-storepass",
                PASSWORD);
        keytool(
                "-exportcert",
                "-rfc",
                "-alias",
                "s3",
                "-file",
                authority.toString(),
                "-keystore",
                keyStore.toString(),
                "-storepass",
                PASSWORD);
        server = BucketServer.startSecure(keyStore.toUri().toString(), PASSWORD);

        // When
        store = S3Store.open(trusting(server.access(), authority));

        // Then
        assertThat(read(put(9 * MIB))).hasSize(9 * MIB);
        try (S3Store trustingJava = S3Store.open(server.access())) {
            assertThatThrownBy(trustingJava::check)
                    .isInstanceOf(StagingUnavailableException.class)
                    .hasMessageContaining("is not reached");
        }
    }

    @Test
    void aFileThatHoldsNoAuthorityIsToldAtOnce(@TempDir Path directory) throws IOException {
        // Given
        server = BucketServer.start();
        Path empty = Files.createFile(directory.resolve("empty.pem"));

        // Then
        assertThatThrownBy(() -> S3Store.open(trusting(server.access(), empty)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no certificate");
    }

    private void start(UnaryOperator<BlobStore> between) {
        server = BucketServer.start(between);
        store = S3Store.open(server.access());
    }

    private void startBehindAWire() {
        server = BucketServer.start();
        wire = new FaultyWire(server.endpoint());
        store = S3Store.open(server.accessThrough(wire.endpoint()));
        // Opens the connections and loads what the first request needs.
        store.check();
    }

    private ClaimCheck put(int size) {
        return store.put(migration, "snapshot", out -> {
            byte[] piece = new byte[MIB];
            for (int left = size; left > 0; left -= piece.length) {
                out.write(piece, 0, Math.min(left, piece.length));
            }
        });
    }

    private byte[] read(ClaimCheck check) throws IOException {
        try (InputStream in = store.get(check)) {
            return in.readAllBytes();
        }
    }

    private void assertThatNothingIsLeft() {
        assertThat(server.keys()).isEmpty();
        assertThat(server.unfinishedUploads()).isZero();
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    private static BucketAccess withPrefix(BucketAccess access, String prefix) {
        return new BucketAccess(
                access.endpoint(),
                access.region(),
                access.bucket(),
                prefix,
                access.key(),
                access.pathStyle(),
                access.caFile(),
                access.createBucket(),
                access.patience());
    }

    private static BucketAccess withKey(BucketAccess access, AccessKey key) {
        return new BucketAccess(
                access.endpoint(),
                access.region(),
                access.bucket(),
                access.prefix(),
                Optional.of(key),
                access.pathStyle(),
                access.caFile(),
                access.createBucket(),
                access.patience());
    }

    private static BucketAccess withPatience(BucketAccess access, Duration patience) {
        return new BucketAccess(
                access.endpoint(),
                access.region(),
                access.bucket(),
                access.prefix(),
                access.key(),
                access.pathStyle(),
                access.caFile(),
                access.createBucket(),
                patience);
    }

    private static BucketAccess trusting(BucketAccess access, Path authority) {
        return new BucketAccess(
                access.endpoint(),
                access.region(),
                access.bucket(),
                access.prefix(),
                access.key(),
                access.pathStyle(),
                Optional.of(authority),
                access.createBucket(),
                access.patience());
    }

    private static BucketAccess creating(BucketAccess access) {
        return new BucketAccess(
                access.endpoint(),
                access.region(),
                access.bucket(),
                access.prefix(),
                access.key(),
                access.pathStyle(),
                access.caFile(),
                true,
                access.patience());
    }
}
