package io.vaultferry.bitwarden.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaultferry.bitwarden.client.FakeServer.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests wait for their turn, and the pace hears what the server says. */
@Timeout(60)
class PaceTest {

    private static final String PROFILE = "{\"id\":\"one\",\"email\":\"a@example.test\",\"organizations\":[]}";

    private final List<String> heard = new ArrayList<>();

    private final Pace pace = new Pace() {
        @Override
        public Turn await(String origin) {
            heard.add("turn");
            return retryAfter -> heard.add("refused " + retryAfter.map(Duration::toSeconds));
        }

        @Override
        public void prepare(String origin) {
            heard.add("prepare " + origin);
        }
    };

    private static BitwardenSession session(BitwardenServer client, Pace pace) {
        return client.session(
                        AccessTokens.fixed(AccessToken.of("token", Instant.now().plusSeconds(3600))))
                .withPace(pace);
    }

    private static BitwardenServer at(FakeServer server) {
        return BitwardenServer.at(
                ServerAddress.of(server.url()), ClientSettings.defaults().withInsecureServers(true));
    }

    @Test
    void aRefusedRequestIsRepeatedInItsTurnHoweverLongTheServerWantsToWait() {
        // Given
        AtomicInteger calls = new AtomicInteger();
        try (FakeServer server = new FakeServer(request -> calls.incrementAndGet() == 1
                        ? Reply.json(429, "{}", "Retry-After", "900")
                        : Reply.json(200, PROFILE));
                BitwardenServer client = at(server)) {
            // When
            Profile profile = session(client, pace).profile();

            // Then
            assertThat(profile.email()).isEqualTo("a@example.test");
            assertThat(heard).containsExactly("turn", "refused Optional[900]", "turn");
        }
    }

    @Test
    void aRefusedWriteIsTheCallersToRepeat() {
        // Given
        try (FakeServer server = new FakeServer(request -> Reply.json(429, "{}", "Retry-After", "3"));
                BitwardenServer client = at(server)) {
            // When
            RateLimitedException refusal = catchThrowableOfType(
                    RateLimitedException.class,
                    () -> session(client, pace).deleteGroup(new OrganizationId("org"), new GroupId("group")));

            // Then
            assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(3));
            assertThat(heard).containsExactly("turn", "refused Optional[3]");
        }
    }

    @Test
    void nothingIsSentWhenItsTurnDoesNotCome() {
        // Given
        AtomicInteger calls = new AtomicInteger();
        Pace refusing = origin -> {
            throw new IllegalStateException("no turn");
        };
        try (FakeServer server = new FakeServer(request -> {
                    calls.incrementAndGet();
                    return Reply.json(200, PROFILE);
                });
                BitwardenServer client = at(server)) {
            // When
            IllegalStateException failure = catchThrowableOfType(
                    IllegalStateException.class, () -> session(client, refusing).profile());

            // Then
            assertThat(failure).hasMessage("no turn");
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void aTurnCanBeAwaitedBeforeTheRequestIsMade() {
        // Given
        try (FakeServer server = new FakeServer(request -> Reply.json(200, PROFILE));
                BitwardenServer client = at(server)) {
            // When
            session(client, pace).awaitTurn();

            // Then
            assertThat(heard).containsExactly("prepare " + server.url());
        }
    }

    @Test
    void withoutAPaceTheWaitIsTheClientsOwn() {
        assertThat(Pace.NONE)
                .satisfies(none -> assertThat(
                                none.await("https://example.test:443").refused(Optional.empty()))
                        .isFalse());
    }
}
