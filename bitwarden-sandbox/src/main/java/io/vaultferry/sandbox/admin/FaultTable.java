package io.vaultferry.sandbox.admin;

import io.vaultferry.sandbox.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults that are set. */
public final class FaultTable {

    private final List<Armed> faults = new ArrayList<>();

    private static final class Armed {
        private final Fault fault;
        private int calls;

        Armed(Fault fault) {
            this.fault = fault;
        }

        /** Counts a matching call and tells whether it is hit. */
        boolean hits() {
            calls++;
            return calls >= fault.nth() && calls - fault.nth() < fault.times();
        }

        boolean isSpent() {
            return calls - fault.nth() >= fault.times() - 1;
        }
    }

    public synchronized void add(Fault fault) {
        faults.add(new Armed(fault));
    }

    public synchronized void clear() {
        faults.clear();
    }

    /** Those that may still hit. */
    public synchronized List<Fault> pending() {
        return faults.stream()
                .filter(armed -> !armed.isSpent())
                .map(armed -> armed.fault)
                .toList();
    }

    /** Counts a call of this endpoint for every fault that names it; the first that hits is the one. */
    public synchronized Optional<Fault.Mode> next(String endpoint) {
        Optional<Fault.Mode> mode = Optional.empty();
        for (Armed armed : faults) {
            if (matches(armed.fault.endpoint(), endpoint) && armed.hits() && mode.isEmpty()) {
                mode = Optional.of(armed.fault.mode());
            }
        }
        return mode;
    }

    private static boolean matches(String pattern, String endpoint) {
        String wanted = anonymous(pattern);
        String called = anonymous(endpoint);
        if (wanted.equals("*") || wanted.equals(called)) {
            return true;
        }
        return wanted.startsWith("* ") && called.endsWith(wanted.substring(1));
    }

    /** Path variables may have any name. */
    private static String anonymous(String template) {
        return template.replaceAll("\\{[^}]*}", "{}");
    }
}
