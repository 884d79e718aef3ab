package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority made for one test, and what it certifies. */
final class Certificates {
    private final KeyPair key = newKey();
    private final X509Certificate certificate;

    Certificates() throws GeneralSecurityException, IOException, OperatorCreationException {
        certificate = certificate(
                "CN=Authority of a test", key, "CN=Authority of a test", key, null, Instant.now(), Duration.ofDays(1));
    }

    void writePem(Path file) throws IOException, GeneralSecurityException {
        Files.writeString(
                file,
                "-----BEGIN CERTIFICATE-----\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                                .encodeToString(certificate.getEncoded())
                        + "\n-----END CERTIFICATE-----\n");
    }

    /** What a server with a certificate of this authority uses. */
    SSLContext serverFor(GeneralName name, Instant from, Duration validity)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        KeyPair own = newKey();
        return context(own, certificate("CN=Server", own, "CN=Authority of a test", key, name, from, validity));
    }

    static SSLContext selfSigned(GeneralName name)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        KeyPair own = newKey();
        return context(own, certificate("CN=Self", own, "CN=Self", own, name, Instant.now(), Duration.ofDays(1)));
    }

    private static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate certificate(
            String subject,
            KeyPair subjectKey,
            String issuer,
            KeyPair issuerKey,
            GeneralName nameOrNullForAuthority,
            Instant from,
            Duration validity)
            throws GeneralSecurityException, IOException, OperatorCreationException {
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                new X500Name(issuer),
                BigInteger.valueOf(System.nanoTime()),
                Date.from(from.minusSeconds(60)),
                Date.from(from.plus(validity)),
                new X500Name(subject),
                subjectKey.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(nameOrNullForAuthority == null));
        if (nameOrNullForAuthority != null) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(nameOrNullForAuthority));
        }
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey.getPrivate())));
    }

    private static SSLContext context(KeyPair key, X509Certificate certificate)
            throws GeneralSecurityException, IOException {
        char[] password = "test".toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key.getPrivate(), password, new X509Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }
}
