package io.vaultferry.bitwarden.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates are believed: the authorities that Java trusts, and those of the operator's own file besides. */
final class TrustedAuthorities {
    private TrustedAuthorities() {}

    /** @throws IllegalArgumentException with a sentence for the operator when the file cannot be used */
    static SSLContext context(Optional<Path> caFile) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            if (caFile.isPresent()) {
                KeyStore both = KeyStore.getInstance(KeyStore.getDefaultType());
                both.load(null, null);
                int count = 0;
                for (TrustManager manager : factory.getTrustManagers()) {
                    if (manager instanceof X509TrustManager x509) {
                        for (X509Certificate issuer : x509.getAcceptedIssuers()) {
                            both.setCertificateEntry("java-" + count++, issuer);
                        }
                    }
                }
                for (Certificate authority : read(caFile.get())) {
                    both.setCertificateEntry("own-" + count++, authority);
                }
                factory.init(both);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This Java offers no TLS.", e);
        }
    }

    private static java.util.Collection<? extends Certificate> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            java.util.Collection<? extends Certificate> authorities =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (authorities.isEmpty()) {
                throw new IllegalArgumentException("The file " + file + " holds no certificate.");
            }
            return authorities;
        } catch (IOException e) {
            throw new IllegalArgumentException("Cannot read the file of certificates " + file + ".", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("The file " + file + " does not hold certificates in PEM form.", e);
        }
    }
}
