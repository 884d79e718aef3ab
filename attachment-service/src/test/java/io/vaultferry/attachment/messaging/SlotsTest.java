package io.vaultferry.attachment.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vaultferry.attachment.messaging.Slots.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class SlotsTest {

    private static CompletableFuture<Void> acquire(Slots slots, Kind kind) {
        CompletableFuture<Void> acquired = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                slots.acquire(kind);
                acquired.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                acquired.completeExceptionally(e);
            }
        });
        return acquired;
    }

    @Test
    void largeFilesLeavePlacesForSmallOnes() throws Exception {
        // Given
        Slots slots = new Slots(4, 2);
        slots.acquire(Kind.LARGE);
        slots.acquire(Kind.LARGE);
        CompletableFuture<Void> third = acquire(slots, Kind.LARGE);

        // When
        slots.acquire(Kind.SMALL);
        slots.acquire(Kind.SMALL);

        // Then
        assertThat(slots.tryAcquire(Kind.LARGE)).isFalse();
        assertThat(third).isNotDone();
        slots.release(Kind.LARGE);
        await().until(third::isDone);
        assertThat(slots.taken()).isEqualTo(4);
    }

    @Test
    void whoHelpsTakesNoPlaceThatSomebodyWaitsFor() throws Exception {
        // Given
        Slots slots = new Slots(2, 1);
        slots.acquire(Kind.SMALL);
        slots.acquire(Kind.SMALL);
        CompletableFuture<Void> waiting = acquire(slots, Kind.SMALL);
        assertThat(slots.tryAcquire(Kind.SMALL)).isFalse();

        // When
        slots.release(Kind.SMALL);

        // Then
        await().until(waiting::isDone);
        slots.release(Kind.SMALL);
        assertThat(slots.tryAcquire(Kind.SMALL)).isTrue();
    }

    @Test
    void nobodyGetsAPlaceAfterTheEnd() throws Exception {
        // Given
        Slots slots = new Slots(1, 1);
        slots.acquire(Kind.SMALL);
        CompletableFuture<Void> waiting = acquire(slots, Kind.SMALL);

        // When
        slots.close();

        // Then
        assertThatThrownBy(waiting::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThat(slots.tryAcquire(Kind.SMALL)).isFalse();
    }
}
