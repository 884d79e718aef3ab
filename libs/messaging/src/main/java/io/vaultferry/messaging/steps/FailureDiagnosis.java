package io.vaultferry.messaging.steps;

import io.quarkus.arc.All;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.FailureClassifier;
import io.vaultferry.messaging.StepFailure;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import io.vaultferry.messaging.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out what an exception of a handler means. */
@ApplicationScoped
class FailureDiagnosis {

    private final List<FailureClassifier> classifiers;
    private final Database database;

    FailureDiagnosis(@All List<FailureClassifier> classifiers, Database database) {
        this.classifiers = classifiers;
        this.database = database;
    }

    /**
     * @param failure what happened
     * @param passes true when trying again later may help
     * @param expected false for a defect of ours, whose stack trace is worth a look
     */
    record Diagnosis(StepFailure failure, boolean passes, boolean expected) {}

    /** Whether it is, or wraps, what a checkpoint threw. */
    static boolean isStop(Throwable thrown) {
        return chain(thrown).stream().anyMatch(StepStoppedException.class::isInstance);
    }

    Diagnosis of(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        for (Throwable one : chain) {
            Optional<StepFailure> known = one instanceof StepFailureException e
                    ? Optional.of(e.failure())
                    : classifiers.stream()
                            .flatMap(classifier -> classifier.classify(one).stream())
                            .findFirst();
            if (known.isPresent()) {
                return new Diagnosis(known.get(), passes(known.get()), true);
            }
        }
        StepFailure defect =
                new StepFailure(FailureCode.INTERNAL_ERROR, thrown.getClass().getSimpleName());
        boolean outage = chain.stream().anyMatch(FailureDiagnosis::isOutage) || !database.answers();
        return new Diagnosis(defect, outage, outage);
    }

    private static boolean passes(StepFailure failure) {
        return switch (failure.code().disposition()) {
            case RETRY_LATER -> true;
            case ASK_OPERATOR, COMPENSATE -> false;
        };
    }

    /** Whether our own database went away, had no room, or chose this transaction as a victim. */
    private static boolean isOutage(Throwable thrown) {
        if (!(thrown instanceof SQLException e)) {
            return false;
        }
        String state = e.getSQLState();
        // The connection pool's own exceptions have no state.
        return state == null
                || state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("57");
    }

    /** The exception, its causes and what they suppressed: a commit that fails hides its reason there. */
    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        collect(thrown, Collections.newSetFromMap(new IdentityHashMap<>()), chain);
        return chain;
    }

    private static void collect(Throwable one, Set<Throwable> seen, List<Throwable> chain) {
        if (one == null || !seen.add(one)) {
            return;
        }
        chain.add(one);
        collect(one.getCause(), seen, chain);
        for (Throwable suppressed : one.getSuppressed()) {
            collect(suppressed, seen, chain);
        }
    }
}
