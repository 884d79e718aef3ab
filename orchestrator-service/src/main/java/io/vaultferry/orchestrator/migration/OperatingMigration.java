package io.vaultferry.orchestrator.migration;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.saga.Decision;
import io.vaultferry.orchestrator.saga.OperatorAction;
import io.vaultferry.orchestrator.saga.SagaInput;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Lets an operator act on a migration. */
@ApplicationScoped
public class OperatingMigration {

    private final Database database;
    private final SagaRunner runner;

    OperatingMigration(Database database, SagaRunner runner) {
        this.database = database;
        this.runner = runner;
    }

    /**
     * Takes an action.
     *
     * @return false when there is no such migration
     * @throws ProblemException when the action is not allowed now; it says which are
     */
    public boolean act(MigrationId migration, OperatorAction action) {
        Optional<Decision> decision =
                database.inTransaction(() -> runner.apply(migration, new SagaInput.OperatorActed(action)));
        if (decision.orElse(null) instanceof Decision.Refused refused) {
            throw notAllowed(action, names(refused.allowed()));
        }
        return decision.isPresent();
    }

    /** Actions as callers name them. */
    public static List<String> names(Set<OperatorAction> actions) {
        return actions.stream().sorted().map(OperatingMigration::nameOf).toList();
    }

    private static String nameOf(OperatorAction action) {
        return action.name().toLowerCase(Locale.ROOT);
    }

    private static ProblemException notAllowed(OperatorAction action, List<String> allowed) {
        String instead =
                allowed.isEmpty() ? "No action is allowed now." : "Allowed now: " + String.join(", ", allowed) + ".";
        return ProblemException.of(
                        ProblemCode.ACTION_NOT_ALLOWED,
                        "The action " + nameOf(action) + " is not allowed now. " + instead)
                .with("allowedActions", allowed);
    }
}
