package io.vaultferry.staging.s3;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the SDK's client as servers other than Amazon's understand it too. */
final class S3Clients {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int ATTEMPTS = 4;

    private S3Clients() {}

    /** @throws IllegalArgumentException with a sentence for the operator when the file of authorities cannot be used */
    static S3Client open(BucketAccess access) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(httpClient(access))
                .region(Region.of(access.region()))
                .credentialsProvider(credentials(access))
                // Every write says its own digests. What the SDK would add by itself, trailers, many servers do not
                // know.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .addPlugin(LegacyMd5Plugin.create())
                .serviceConfiguration(s3 -> s3.pathStyleAccessEnabled(access.pathStyle())
                        .chunkedEncodingEnabled(false)
                        // Servers that do not know it would cost the read timeout for each part.
                        .expectContinueEnabled(false))
                .overrideConfiguration(
                        client -> client.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                        .maxAttempts(ATTEMPTS)
                                        .build())
                                .apiCallAttemptTimeout(access.patience())
                                .apiCallTimeout(access.patience().multipliedBy(ATTEMPTS)));
        access.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private static SdkHttpClient httpClient(BucketAccess access) {
        UrlConnectionHttpClient.Builder builder =
                UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(access.patience());
        access.caFile().map(S3Clients::trusting).ifPresent(trusted -> builder.tlsTrustManagersProvider(() -> trusted));
        return builder.build();
    }

    private static AwsCredentialsProvider credentials(BucketAccess access) {
        return access.key()
                .<AwsCredentialsProvider>map(
                        key -> StaticCredentialsProvider.create(AwsBasicCredentials.create(key.id(), key.secret())))
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    private static TrustManager[] trusting(Path caFile) {
        try (InputStream in = Files.newInputStream(caFile)) {
            Collection<? extends Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (authorities.isEmpty()) {
                throw new IllegalArgumentException("the file of authorities holds no certificate");
            }
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            for (Certificate authority : authorities) {
                trusted.setCertificateEntry("authority-" + trusted.size(), authority);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (IOException e) {
            throw new IllegalArgumentException("the file of authorities cannot be read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the file of authorities does not hold certificates in PEM form", e);
        }
    }
}
