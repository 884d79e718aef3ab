package io.vaultferry.messaging;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.contracts.StepCommand.ExportVault;
import io.vaultferry.contracts.StepCommand.InspectSource;
import io.vaultferry.contracts.StepCommand.UndoStep;
import io.vaultferry.contracts.StepReply;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Handlers that do what a test wrote down for its migration. */
@ApplicationScoped
public class ScriptedSteps {

    private final Map<MigrationId, Script> scripts = new ConcurrentHashMap<>();
    private final Set<MigrationId> halted = ConcurrentHashMap.newKeySet();

    /** What a handler does. */
    @FunctionalInterface
    public interface Script {
        StepReply play(StepCommand command, StepContext context) throws Exception;
    }

    /** Something that a classifier of a library would know. */
    public static final class TargetBusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    public void play(MigrationId migration, Script script) {
        scripts.put(migration, script);
    }

    /** Whether the handler of EXPORT_VAULT was told that it was halted. */
    public boolean halted(MigrationId migration) {
        return halted.contains(migration);
    }

    void noteHalt(MigrationId migration) {
        halted.add(migration);
    }

    /** Not private: the handlers hold a client proxy of this bean, which passes on everything else. */
    StepReply run(StepCommand command, StepContext context) throws Exception {
        return scripts.get(command.migrationId()).play(command, context);
    }

    @ApplicationScoped
    static class ExportVaultHandler implements StepHandler<ExportVault> {

        private final ScriptedSteps steps;

        ExportVaultHandler(ScriptedSteps steps) {
            this.steps = steps;
        }

        @Override
        public Class<ExportVault> commandType() {
            return ExportVault.class;
        }

        @Override
        public StepReply handle(ExportVault command, StepContext context) throws Exception {
            return steps.run(command, context);
        }

        @Override
        public void halted(ExportVault command) {
            steps.noteHalt(command.migrationId());
        }
    }

    @ApplicationScoped
    static class InspectSourceHandler implements StepHandler<InspectSource> {

        private final ScriptedSteps steps;

        InspectSourceHandler(ScriptedSteps steps) {
            this.steps = steps;
        }

        @Override
        public Class<InspectSource> commandType() {
            return InspectSource.class;
        }

        @Override
        public StepReply handle(InspectSource command, StepContext context) throws Exception {
            return steps.run(command, context);
        }
    }

    @ApplicationScoped
    static class UndoStepHandler implements StepHandler<UndoStep> {

        private final ScriptedSteps steps;

        UndoStepHandler(ScriptedSteps steps) {
            this.steps = steps;
        }

        @Override
        public Class<UndoStep> commandType() {
            return UndoStep.class;
        }

        @Override
        public StepReply handle(UndoStep command, StepContext context) throws Exception {
            return steps.run(command, context);
        }
    }

    @ApplicationScoped
    static class TargetBusyClassifier implements FailureClassifier {

        @Override
        public Optional<StepFailure> classify(Throwable thrown) {
            return thrown instanceof TargetBusyException
                    ? Optional.of(new StepFailure(FailureCode.RATE_LIMITED, "429"))
                    : Optional.empty();
        }
    }
}
