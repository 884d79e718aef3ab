package io.vaultferry.identity.domain;

import io.vaultferry.bitwarden.client.Policy;
import java.util.Comparator;
import java.util.List;

/** In which order policies are set: servers refuse to enable some without another, and to disable that before them. */
public final class PolicyOrder {

    /** "Single organization", which others require ({@code PolicyType} and its validators in bitwarden/server). */
    private static final int SINGLE_ORGANIZATION = 3;

    private PolicyOrder() {}

    public static List<Policy> of(List<Policy> policies) {
        return policies.stream()
                .sorted(Comparator.comparingInt(PolicyOrder::turn).thenComparingInt(Policy::type))
                .toList();
    }

    private static int turn(Policy policy) {
        if (policy.type() == SINGLE_ORGANIZATION) {
            return policy.enabled() ? 0 : 2;
        }
        return 1;
    }
}
