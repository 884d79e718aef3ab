package io.vaultferry.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vaultferry.testsupport.EmbeddedInfrastructure;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(
        value = EmbeddedInfrastructure.class,
        initArgs = @ResourceArg(name = "database", value = "participant_under_test"))
class HealthIT {

    @TestHTTPResource("/q/health")
    URI health;

    @Test
    void participantIsHealthyAndSaysWhatItChecked() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            // When
            HttpResponse<String> answer;
            try (HttpClient client = HttpClient.newHttpClient()) {
                answer = client.send(HttpRequest.newBuilder(health).build(), HttpResponse.BodyHandlers.ofString());
            }

            // Then
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("outbox-relay", "step-workers", "\"commands\"");
        });
    }
}
