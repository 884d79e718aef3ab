package io.vaultferry.sandbox.server;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Somebody with an e-mail address; without a password hash, somebody who was invited and has not registered yet. */
final class Account {
    String id;
    String email;
    String name;
    PasswordHash passwordHash;
    int kdf;
    int kdfIterations = 600_000;
    Integer kdfMemory;
    Integer kdfParallelism;
    String key;
    String privateKey;
    String publicKey;
    String securityStamp;
    String apiKey;
    String totpSecret;
    long totpLastStep;
    Instant createdAt;
    Instant revisedAt;
    Map<String, Device> devices = new LinkedHashMap<>();

    boolean isRegistered() {
        return passwordHash != null;
    }

    boolean hasTwoFactor() {
        return totpSecret != null;
    }

    /** Where an account is logged in; identified by the id that the client keeps. */
    record Device(String identifier, String name, int type, String refreshSecret) {}
}
