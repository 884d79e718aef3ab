package io.vaultferry.orchestrator.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.StartupEvent;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminKeyTest {

    private static final AdminSettings NONE = Optional::empty;
    private static final AdminSettings SOME = () -> Optional.of("ab".repeat(32));

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", "no-such-host.invalid"})
    void withoutAKeyTheServiceStartsOnlyOnLoopback(String host) {
        // Given
        AdminKey key = new AdminKey(NONE, host);

        // When / Then
        assertThatThrownBy(() -> key.requireAtStart(new StartupEvent()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("vaultferry.admin.key-sha256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1"})
    void onLoopbackTheServiceStartsWithoutAKey(String host) {
        assertThatCode(() -> new AdminKey(NONE, host).requireAtStart(new StartupEvent()))
                .doesNotThrowAnyException();
    }

    @Test
    void withAKeyTheServiceStartsAnywhere() {
        assertThatCode(() -> new AdminKey(SOME, "0.0.0.0").requireAtStart(new StartupEvent()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "abcd", "canary-that-someone-put-the-key-itself-here-instead-of-its-hash-"})
    void hashThatIsNoneIsRefusedAndNotRepeated(String hash) {
        assertThatThrownBy(() -> new AdminKey(() -> Optional.of(hash), "127.0.0.1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64 hexadecimal digits")
                .hasMessageNotContaining("canary");
    }
}
