package io.vaultferry.bitwarden.crypto.hazmat;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps engines for reuse, and knows where a key went so that destroying it reaches them. A pool and not one engine per
 * thread, since virtual threads come by the thousand.
 */
final class EnginePool {
    private static final int SIZE = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());
    private static final AtomicReferenceArray<Engine> IDLE = new AtomicReferenceArray<>(SIZE);

    private EnginePool() {}

    /** One that holds the key already; else one that holds none; else any; else a new one. */
    static Engine take(AesCbcHmacKey key) {
        int start = startOfThisThread();
        for (int i = 0; i < SIZE; i++) {
            int slot = (start + i) % SIZE;
            Engine engine = IDLE.get(slot);
            if (engine != null && engine.loadedKey() == key && IDLE.compareAndSet(slot, engine, null)) {
                return engine;
            }
        }
        Engine any = null;
        int anySlot = 0;
        int idle = 0;
        for (int i = 0; i < SIZE; i++) {
            int slot = (start + i) % SIZE;
            Engine engine = IDLE.get(slot);
            if (engine == null) {
                continue;
            }
            idle++;
            if (engine.loadedKey() == null && IDLE.compareAndSet(slot, engine, null)) {
                return engine;
            }
            any = engine;
            anySlot = slot;
        }
        // Taking over another key's engine would cost that key its next use; with room left, a new one is cheaper.
        if (idle == SIZE && IDLE.compareAndSet(anySlot, any, null)) {
            return any;
        }
        return new Engine();
    }

    static void giveBack(Engine engine) {
        AesCbcHmacKey key = engine.loadedKey();
        int start = startOfThisThread();
        for (int i = 0; i < SIZE; i++) {
            if (IDLE.compareAndSet((start + i) % SIZE, null, engine)) {
                // Whoever destroyed the key since may have looked here before the engine was back.
                if (key != null && key.isDestroyed()) {
                    forget(key);
                }
                return;
            }
        }
        unload(engine);
    }

    /** Wipes the key from every idle engine. Engines in use are wiped when they are given back. */
    static void forget(AesCbcHmacKey key) {
        for (int slot = 0; slot < SIZE; slot++) {
            Engine engine = IDLE.get(slot);
            if (engine != null && engine.loadedKey() == key && IDLE.compareAndSet(slot, engine, null)) {
                unload(engine);
                IDLE.compareAndSet(slot, null, engine);
            }
        }
    }

    private static void unload(Engine engine) {
        try {
            engine.unload();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot wipe a cipher.", e);
        }
    }

    private static int startOfThisThread() {
        return (int) (Thread.currentThread().threadId() % SIZE);
    }
}
