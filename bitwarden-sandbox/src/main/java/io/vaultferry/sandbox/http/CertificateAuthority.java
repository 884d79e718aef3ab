package io.vaultferry.sandbox.http;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/**
 * A certificate authority of one's own, kept in a directory as {@code ca.pem} (to be trusted by clients) and
 * {@code ca.key}. Several sandboxes may share one directory.
 */
public final class CertificateAuthority {

    private static final Object ONE_AT_A_TIME = new Object();
    private static final Duration VALIDITY = Duration.ofDays(365);
    private static final String SIGNATURE = "SHA256withECDSA";

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final Path file;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, Path file) {
        this.certificate = certificate;
        this.key = key;
        this.file = file;
    }

    /** Opens the authority in this directory, or makes one. */
    public static CertificateAuthority in(Path directory) {
        synchronized (ONE_AT_A_TIME) {
            try {
                Files.createDirectories(directory);
                // Two sandboxes that start at once in two processes must not write over each other's authority.
                try (FileChannel channel = FileChannel.open(
                                directory.resolve("ca.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var lock = channel.lock()) {
                    Path file = directory.resolve("ca.pem");
                    Path keyFile = directory.resolve("ca.key");
                    if (Files.exists(file) && Files.exists(keyFile) && lock.isValid()) {
                        return new CertificateAuthority(readCertificate(file), readKey(keyFile), file);
                    }
                    return make(file, keyFile);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot use " + directory + " for certificates", e);
            } catch (GeneralSecurityException | OperatorCreationException e) {
                throw new IllegalStateException("cannot make a certificate authority", e);
            }
        }
    }

    /** The PEM file that clients trust. */
    public Path file() {
        return file;
    }

    /** A context for a server of these names and addresses, with a fresh certificate. */
    public SSLContext serverContext(List<String> hostNames) {
        try {
            KeyPair pair = makeKeyPair();
            X509Certificate server = signServerCertificate(pair, hostNames);
            KeyStore store = KeyStore.getInstance("PKCS12");
            char[] password = new char[0];
            try {
                store.load(null, password);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            store.setKeyEntry("server", pair.getPrivate(), password, new Certificate[] {server, certificate});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot make a server certificate", e);
        }
    }

    private X509Certificate signServerCertificate(KeyPair pair, List<String> hostNames)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        GeneralName[] names = hostNames.stream()
                .map(name -> new GeneralName(isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name))
                .toArray(GeneralName[]::new);
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        certificate,
                        serialNumber(),
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(VALIDITY)),
                        new X500Name("CN=" + hostNames.get(0)),
                        pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    }

    private static CertificateAuthority make(Path file, Path keyFile)
            throws GeneralSecurityException, OperatorCreationException, IOException {
        KeyPair pair = makeKeyPair();
        Instant now = Instant.now();
        BigInteger serial = serialNumber();
        X500Name name =
                new X500Name("CN=Vaultferry sandbox CA " + serial.toString(16).substring(0, 8));
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                        name,
                        serial,
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(VALIDITY)),
                        name,
                        pair.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(pair.getPrivate())));
        if (Files.getFileStore(file.getParent()).supportsFileAttributeView("posix")) {
            Files.deleteIfExists(keyFile);
            Files.createFile(
                    keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(
                keyFile, pem(new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded())));
        Files.writeString(file, pem(certificate));
        return new CertificateAuthority(certificate, pair.getPrivate(), file);
    }

    private static KeyPair makeKeyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    private static BigInteger serialNumber() {
        return new BigInteger(127, new SecureRandom()).setBit(126);
    }

    private static boolean isAddress(String name) {
        return name.matches("[0-9.]+") || name.indexOf(':') >= 0;
    }

    private static String pem(Object object) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    private static X509Certificate readCertificate(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            X509Certificate certificate = (X509Certificate)
                    java.security.cert.CertificateFactory.getInstance("X.509").generateCertificate(in);
            return new JcaX509CertificateConverter().getCertificate(new JcaX509CertificateHolder(certificate));
        }
    }

    private static PrivateKey readKey(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file);
                PEMParser parser = new PEMParser(reader)) {
            return new JcaPEMKeyConverter().getPrivateKey((PrivateKeyInfo) parser.readObject());
        }
    }
}
