package io.vaultferry.identity.messaging;

import io.vaultferry.sandbox.Fault;
import java.time.Duration;
import java.util.stream.Stream;

/** What may happen to a write that is right. */
final class Faults {

    private Faults() {}

    static Stream<Fault.Mode> ofWrites() {
        return Stream.of(
                new Fault.Refuse(429, Duration.ofSeconds(1)),
                new Fault.Refuse(503, Duration.ofSeconds(1)),
                new Fault.Refuse(500, Duration.ZERO),
                new Fault.DropBeforeEffect(),
                new Fault.DropWhileReading(10),
                new Fault.DropAfterEffect(),
                new Fault.AnswerAfterEffect(500),
                new Fault.Truncate(3),
                new Fault.Delay(Duration.ofMillis(200)));
    }

    /** Of them those after which nobody knows whether the write was done. */
    static Stream<Fault.Mode> lostAnswers() {
        return Stream.of(new Fault.DropBeforeEffect(), new Fault.DropAfterEffect(), new Fault.AnswerAfterEffect(500));
    }
}
