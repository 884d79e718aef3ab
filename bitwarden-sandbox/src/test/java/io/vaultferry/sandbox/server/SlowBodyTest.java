package io.vaultferry.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.sandbox.http.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlowBodyTest {

    @Test
    void theBytesAreTheSameAndTakeTheirTime() throws IOException {
        // Given
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        Response.Body whole =
                Response.file(new ByteArrayInputStream(bytes), bytes.length).body();
        SlowBody slow = new SlowBody(whole, 500_000);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        // When
        long began = System.nanoTime();
        slow.writeTo(out);
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        // Then
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(slow.length()).hasValue(bytes.length);
        assertThat(took).isGreaterThan(Duration.ofMillis(190));
    }
}
