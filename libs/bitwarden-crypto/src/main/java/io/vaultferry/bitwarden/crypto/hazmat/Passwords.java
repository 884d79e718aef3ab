package io.vaultferry.bitwarden.crypto.hazmat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Slow derivation of 32 bytes from a password. The password is taken as it is: no normalization, no trimming. */
public final class Passwords {
    private static final int KEY_LENGTH = 32;
    private static final int MIB = 1024 * 1024;

    /** What all Argon2 derivations of this process together may use; the rest of the heap is for everyone else. */
    private static final int ARGON2_BUDGET_MIB =
            (int) Math.max(1, Math.min(4096, Runtime.getRuntime().maxMemory() / MIB * 3 / 4));

    private static final Semaphore ARGON2_MEMORY = new Semaphore(ARGON2_BUDGET_MIB, true);

    private Passwords() {}

    public static byte[] pbkdf2(char[] password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, KEY_LENGTH * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java runtime lacks PBKDF2 with HMAC-SHA256.", e);
        } finally {
            spec.clearPassword();
        }
    }

    /** The most memory that one Argon2 derivation can have in this process. */
    public static int argon2BudgetMiB() {
        return ARGON2_BUDGET_MIB;
    }

    /** Waits while other derivations occupy the memory that this one needs. */
    public static byte[] argon2id(char[] password, byte[] salt, int iterations, int memoryMiB, int parallelism) {
        Argon2Parameters parameters = new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withIterations(iterations)
                .withMemoryAsKB(memoryMiB * 1024)
                .withParallelism(parallelism)
                .withSalt(salt)
                .build();
        byte[] passwordBytes = utf8(password);
        byte[] key = new byte[KEY_LENGTH];
        ARGON2_MEMORY.acquireUninterruptibly(memoryMiB);
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(parameters);
            generator.generateBytes(passwordBytes, key);
            return key;
        } finally {
            ARGON2_MEMORY.release(memoryMiB);
            Wiping.wipe(passwordBytes);
        }
    }

    public static byte[] utf8(char[] text) {
        byte[] room = new byte[3 * text.length];
        ByteBuffer buffer = ByteBuffer.wrap(room);
        StandardCharsets.UTF_8
                .newEncoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .encode(CharBuffer.wrap(text), buffer, true);
        byte[] bytes = Arrays.copyOf(room, buffer.position());
        Wiping.wipe(room);
        return bytes;
    }
}
