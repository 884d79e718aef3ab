package io.vaultferry.identity.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyOrderTest {

    @Test
    void whatOthersRequireIsEnabledBeforeThem() {
        assertThat(types(List.of(on(8), on(0), on(3), on(4)))).containsExactly(3, 0, 4, 8);
    }

    @Test
    void whatOthersRequireIsDisabledAfterThem() {
        assertThat(types(List.of(off(3), off(8), on(1)))).containsExactly(1, 8, 3);
    }

    @Test
    void dataStayWithTheirPolicy() {
        // Given
        Policy policy = new Policy(1, true, Optional.of(Map.of("minLength", 14)));

        // Then
        assertThat(PolicyOrder.of(List.of(on(2), policy))).containsExactly(policy, on(2));
    }

    private static List<Integer> types(List<Policy> policies) {
        return PolicyOrder.of(policies).stream().map(Policy::type).toList();
    }

    private static Policy on(int type) {
        return new Policy(type, true, Optional.empty());
    }

    private static Policy off(int type) {
        return new Policy(type, false, Optional.empty());
    }
}
