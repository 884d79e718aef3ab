package io.vaultferry.bitwarden.crypto;

/**
 * How a master key is derived from a password, as the server tells it before login.
 *
 * <p>The server is not trusted with this: settings that are too weak would let it harvest a hash that is easy to crack,
 * and enormous ones would exhaust this process. The constructors refuse both with {@link InvalidKeyException}. Lower
 * bounds as in {@code kdf.rs} of bitwarden/sdk-internal, upper bounds as in {@code KdfConstants} of bitwarden/server.
 */
public sealed interface Kdf {
    /** Whether these settings are accepted for old accounts but weaker than what a server lets anyone choose today. */
    boolean isBelowTodaysMinimum();

    /** PBKDF2-HMAC-SHA256. */
    record Pbkdf2(int iterations) implements Kdf {
        private static final int TODAYS_MINIMUM = 600_000;

        public Pbkdf2 {
            requireBetween(5_000, 2_000_000, iterations, "PBKDF2 iterations");
        }

        @Override
        public boolean isBelowTodaysMinimum() {
            return iterations < TODAYS_MINIMUM;
        }
    }

    /** Argon2id, version 0x13. */
    record Argon2id(int iterations, int memoryMiB, int parallelism) implements Kdf {
        public Argon2id {
            requireBetween(2, 10, iterations, "Argon2id iterations");
            requireBetween(16, 1024, memoryMiB, "Argon2id memory (MiB)");
            requireBetween(1, 16, parallelism, "Argon2id parallelism");
        }

        @Override
        public boolean isBelowTodaysMinimum() {
            return false;
        }
    }

    private static void requireBetween(int least, int most, int value, String what) {
        if (value < least || value > most) {
            throw new InvalidKeyException(what + " must be " + least + " to " + most + ", not " + value + ".");
        }
    }
}
