package io.vaultferry.bitwarden.crypto.hazmat;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * RSA-2048 with OAEP. Keys come in and go out encoded, since the JDK's key objects cannot be wiped; the parameters are
 * always given, since the JDK's name for OAEP with SHA-256 means MGF1 with SHA-1.
 */
public final class RsaOaep {
    private static final int MODULUS_BITS = 2048;

    /** The hash of both OAEP and its mask generation. */
    public enum Hash {
        SHA1("SHA-1"),
        SHA256("SHA-256");

        private final String jcaName;

        Hash(String jcaName) {
            this.jcaName = jcaName;
        }

        private OAEPParameterSpec parameters() {
            return new OAEPParameterSpec(jcaName, "MGF1", new MGF1ParameterSpec(jcaName), PSource.PSpecified.DEFAULT);
        }
    }

    private RsaOaep() {}

    /** Answers the private key as PKCS#8. */
    public static byte[] makePrivateKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(MODULUS_BITS);
            return generator.generateKeyPair().getPrivate().getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks RSA.", e);
        }
    }

    /** Answers the public key as SubjectPublicKeyInfo; rejects whatever is not an RSA-2048 private key. */
    public static byte[] publicKeyOf(byte[] pkcs8) throws RejectedException {
        try {
            RSAPrivateCrtKey key = privateKey(pkcs8);
            return factory()
                    .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new RejectedException();
        }
    }

    /** Rejects whatever is not an RSA-2048 public key. */
    public static void requirePublicKey(byte[] subjectPublicKeyInfo) throws RejectedException {
        try {
            publicKey(subjectPublicKeyInfo);
        } catch (GeneralSecurityException e) {
            throw new RejectedException();
        }
    }

    public static byte[] encrypt(byte[] subjectPublicKeyInfo, byte[] plaintext) {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.ENCRYPT_MODE, publicKey(subjectPublicKeyInfo), Hash.SHA1.parameters());
            return cipher.doFinal(plaintext);
        } catch (GeneralSecurityException | RejectedException e) {
            throw new IllegalStateException("RSA-OAEP does not work on this Java runtime.", e);
        }
    }

    public static byte[] decrypt(byte[] pkcs8, byte[] ciphertext, Hash hash) throws RejectedException {
        try {
            Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
            cipher.init(Cipher.DECRYPT_MODE, privateKey(pkcs8), hash.parameters());
            return cipher.doFinal(ciphertext);
        } catch (GeneralSecurityException e) {
            throw new RejectedException();
        }
    }

    private static PublicKey publicKey(byte[] encoded) throws GeneralSecurityException, RejectedException {
        PublicKey key = factory().generatePublic(new X509EncodedKeySpec(encoded));
        if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() == MODULUS_BITS) {
            return key;
        }
        throw new RejectedException();
    }

    private static RSAPrivateCrtKey privateKey(byte[] encoded) throws GeneralSecurityException, RejectedException {
        PrivateKey key = factory().generatePrivate(new PKCS8EncodedKeySpec(encoded));
        if (key instanceof RSAPrivateCrtKey rsa && rsa.getModulus().bitLength() == MODULUS_BITS) {
            return rsa;
        }
        throw new RejectedException();
    }

    private static KeyFactory factory() throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA");
    }
}
