package io.vaultferry.bitwarden.crypto.hazmat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EnginePoolTest {
    @Test
    void engineIsReusedForTheSameKey() {
        AesCbcHmacKey key = aKey();
        Engine engine = EnginePool.take(key);
        engine.seal(key, new byte[5]);
        EnginePool.giveBack(engine);

        assertThat(EnginePool.take(key)).isSameAs(engine);
    }

    @Test
    void destroyedKeyIsForgottenByIdleEngines() {
        AesCbcHmacKey key = aKey();
        Engine engine = EnginePool.take(key);
        engine.seal(key, new byte[5]);
        EnginePool.giveBack(engine);

        key.destroy();

        assertThat(engine.loadedKey()).isNull();
    }

    @Test
    void keyDestroyedWhileAnEngineIsAtWorkIsForgottenWhenItComesBack() {
        AesCbcHmacKey key = aKey();
        Engine engine = EnginePool.take(key);
        engine.seal(key, new byte[5]);

        key.destroy();
        EnginePool.giveBack(engine);

        assertThat(engine.loadedKey()).isNull();
    }

    @Test
    void engineThatStillHoldsADestroyedKeyDoesNotUseIt() {
        AesCbcHmacKey key = aKey();
        Engine engine = EnginePool.take(key);
        Sealed sealed = engine.seal(key, new byte[5]);

        key.destroy();

        assertThatThrownBy(() -> engine.seal(key, new byte[5])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> engine.open(key, sealed)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void engineChangesKeysWithoutMixingThem() throws RejectedException {
        AesCbcHmacKey one = aKey();
        AesCbcHmacKey other = aKey();
        Engine engine = new Engine();
        Sealed underOne = engine.seal(one, new byte[] {1});
        Sealed underOther = engine.seal(other, new byte[] {2});

        assertThat(engine.open(one, underOne)).containsExactly(1);
        assertThat(engine.open(other, underOther)).containsExactly(2);
        assertThatThrownBy(() -> engine.open(other, underOne)).isInstanceOf(RejectedException.class);
        assertThat(engine.open(other, underOther)).containsExactly(2);
    }

    /** Encrypting under a key that another thread wipes at that moment must fail or be right, never be under zeros. */
    @Test
    void keyDestroyedWhileInUseNeverEncryptsWithHalfAKey() throws InterruptedException, ExecutionException {
        AtomicLong refused = new AtomicLong();
        AtomicLong right = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int round = 0; round < 300; round++) {
                byte[] bytes = Randomness.bytes(64);
                AesCbcHmacKey key = AesCbcHmacKey.copyOf(bytes);
                AesCbcHmacKey same = AesCbcHmacKey.copyOf(bytes);
                List<Callable<Void>> users = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    users.add(() -> {
                        try {
                            for (int n = 0; n < 50; n++) {
                                Sealed sealed = AesCbcHmac.seal(key, new byte[40]);
                                assertThat(AesCbcHmac.open(same, sealed)).isEqualTo(new byte[40]);
                                right.incrementAndGet();
                            }
                        } catch (IllegalStateException e) {
                            refused.incrementAndGet();
                        }
                        return null;
                    });
                }
                users.add(() -> {
                    key.destroy();
                    return null;
                });
                for (Future<Void> end : threads.invokeAll(users)) {
                    end.get();
                }
                same.destroy();
            }
        }
        assertThat(refused).hasPositiveValue();
        assertThat(right).hasPositiveValue();
    }

    private static AesCbcHmacKey aKey() {
        return AesCbcHmacKey.copyOf(Randomness.bytes(64));
    }
}
