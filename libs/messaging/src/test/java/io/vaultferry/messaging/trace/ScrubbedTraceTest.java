package io.vaultferry.messaging.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScrubbedTraceTest {

    @Test
    void namesClassesAndFramesWithoutMessages() {
        // Given
        Exception thrown = new IllegalStateException("canary-1", new IllegalArgumentException("canary-2"));

        // When
        String text = ScrubbedTrace.of(thrown);

        // Then
        assertThat(text)
                .startsWith("java.lang.IllegalStateException\n    at io.vaultferry.messaging.trace.ScrubbedTraceTest")
                .contains("Caused by: java.lang.IllegalArgumentException\n    at ")
                .doesNotContain("canary");
    }

    @Test
    void endsForExceptionsThatCauseEachOther() {
        // Given
        Exception first = new IllegalStateException();
        Exception second = new IllegalArgumentException(first);
        first.initCause(second);

        // When
        String text = ScrubbedTrace.of(first);

        // Then
        assertThat(text).containsOnlyOnce("IllegalArgumentException\n").containsOnlyOnce("Caused by");
    }
}
