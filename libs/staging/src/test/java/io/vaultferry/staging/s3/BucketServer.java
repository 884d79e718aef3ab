package io.vaultferry.staging.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 server in this JVM that keeps everything in memory, and a way to its objects past the protocol. */
public final class BucketServer implements AutoCloseable {

    public static final String BUCKET = "vaultferry-staging";

    private static final AccessKey KEY = new AccessKey("access-key-of-tests", "secret-key-of-tests-for-signatures");

    private final BlobStore objects;
    private final S3Proxy server;

    private BucketServer(BlobStore objects, S3Proxy server) {
        this.objects = objects;
        this.server = server;
    }

    /** Starts a server with the bucket. */
    public static BucketServer start() {
        return start(UnaryOperator.identity());
    }

    /** @param between is put between the protocol and what keeps the objects */
    static BucketServer start(UnaryOperator<BlobStore> between) {
        BucketServer started = startEmpty(between);
        started.objects.createContainer(BUCKET);
        return started;
    }

    /** Starts a server without any bucket. */
    static BucketServer startEmpty(UnaryOperator<BlobStore> between) {
        BlobStore objects = new TransientNio2BlobStore();
        return new BucketServer(
                objects, running(builder(between.apply(objects)).endpoint(URI.create("http://127.0.0.1:0"))));
    }

    /** Starts a server that speaks TLS. */
    static BucketServer startSecure(String keyStore, String password) {
        BlobStore objects = new TransientNio2BlobStore();
        objects.createContainer(BUCKET);
        return new BucketServer(
                objects,
                running(builder(objects)
                        .secureEndpoint(URI.create("https://127.0.0.1:0"))
                        .keyStore(keyStore, password)));
    }

    public URI endpoint() {
        return server.getSecurePort() > 0
                ? URI.create("https://127.0.0.1:" + server.getSecurePort())
                : URI.create("http://127.0.0.1:" + server.getPort());
    }

    public String accessKey() {
        return KEY.id();
    }

    public String secretKey() {
        return KEY.secret();
    }

    BucketAccess access() {
        return accessThrough(endpoint());
    }

    BucketAccess accessThrough(URI endpoint) {
        return new BucketAccess(
                Optional.of(endpoint),
                "us-east-1",
                BUCKET,
                "",
                Optional.of(KEY),
                true,
                Optional.empty(),
                false,
                Duration.ofSeconds(60));
    }

    /** The keys of all objects. */
    public List<String> keys() {
        ListObjectsV2Response page = objects.list(
                ListObjectsV2Request.builder().bucket(BUCKET).maxKeys(1000).build());
        return page.contents().stream().map(S3Object::key).toList();
    }

    /** The bytes of an object as they are kept. */
    public byte[] read(String key) {
        try (var object = objects.getBlob(
                GetObjectRequest.builder().bucket(BUCKET).key(key).build())) {
            return object.readAllBytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    void write(String key, byte[] bytes) {
        objects.putBlob(
                PutObjectRequest.builder()
                        .bucket(BUCKET)
                        .key(key)
                        .contentLength((long) bytes.length)
                        .build(),
                new ByteArrayInputStream(bytes));
    }

    void remove(String key) {
        objects.removeBlob(BUCKET, key);
    }

    /** How many multipart uploads are neither finished nor aborted. */
    int unfinishedUploads() {
        return objects.listMultipartUploads(BUCKET).size();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not stop", e);
        }
        objects.close();
    }

    private static S3Proxy.Builder builder(BlobStore objects) {
        return S3Proxy.builder()
                .blobStore(objects)
                .awsAuthentication(AuthenticationType.AWS_V4, KEY.id(), KEY.secret())
                .jettyMaxThreads(24)
                .stopTimeout(0);
    }

    private static S3Proxy running(S3Proxy.Builder builder) {
        S3Proxy server = builder.build();
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not start", e);
        }
        return server;
    }
}
