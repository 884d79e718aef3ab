package io.vaultferry.orchestrator.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LoginGateTest {

    private static final String ACCOUNT = LoginGate.account("https://vault.example.com", "Owner@Example.com ");
    private static final String OTHER = LoginGate.account("https://vault.example.com", "admin@example.com");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
    private final LoginGate gate = new LoginGate(now::get);

    @Test
    void spellingOfAnAddressDoesNotMatter() {
        assertThat(ACCOUNT).isEqualTo(LoginGate.account("https://vault.example.com", "owner@example.com"));
    }

    @Test
    void secondLoginOfAnAccountWaitsForTheFirst() {
        // Given
        LoginGate.Permit first = gate.enter(ACCOUNT);
        AtomicReference<Thread> waiting = new AtomicReference<>();
        CompletableFuture<LoginGate.Permit> second = CompletableFuture.supplyAsync(() -> {
            waiting.set(Thread.currentThread());
            return gate.enter(ACCOUNT);
        });
        await().until(() -> waiting.get() != null && waiting.get().getState() == Thread.State.TIMED_WAITING);

        // When
        first.close();

        // Then
        second.join().close();
    }

    @Test
    void loginsOfTwoAccountsDoNotWaitForEachOther() {
        // Given
        LoginGate.Permit first = gate.enter(ACCOUNT);

        // When
        LoginGate.Permit second = gate.enter(OTHER);

        // Then
        first.close();
        second.close();
    }

    @Test
    void loginIsRefusedWithTheDelayThatIsLeftWhileTheServerAskedToWait() {
        // Given
        gate.lockOut(ACCOUNT, Duration.ofSeconds(30));
        now.updateAndGet(instant -> instant.plusSeconds(10));

        // When
        ProblemException problem = catchThrowableOfType(ProblemException.class, () -> gate.enter(ACCOUNT));

        // Then
        assertThat(problem.code()).isEqualTo(ProblemCode.RATE_LIMITED);
        assertThat(problem.retryAfter()).contains(Duration.ofSeconds(20));
        gate.enter(OTHER).close();
    }

    @Test
    void loginIsLetInAgainAfterTheDelay() {
        // Given
        gate.lockOut(ACCOUNT, Duration.ofSeconds(30));

        // When
        now.updateAndGet(instant -> instant.plusSeconds(30));

        // Then
        gate.enter(ACCOUNT).close();
    }

    @Test
    void storedCredentialsThatWereRefusedRestForAMinute() {
        // Given
        gate.refused(ACCOUNT);

        // When
        now.updateAndGet(instant -> instant.plusSeconds(59));

        // Then
        assertThatThrownBy(() -> gate.requireNotRefused(ACCOUNT))
                .isInstanceOfSatisfying(ProblemException.class, problem -> {
                    assertThat(problem.code()).isEqualTo(ProblemCode.CREDENTIALS_REJECTED);
                    assertThat(problem.retryAfter()).contains(Duration.ofSeconds(1));
                });
        // Somebody who types new credentials may try at once.
        gate.enter(ACCOUNT).close();
        now.updateAndGet(instant -> instant.plusSeconds(1));
        gate.requireNotRefused(ACCOUNT);
    }
}
