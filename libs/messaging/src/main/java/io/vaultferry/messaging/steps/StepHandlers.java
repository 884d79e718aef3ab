package io.vaultferry.messaging.steps;

import io.quarkus.arc.All;
import io.vaultferry.contracts.StepCommand;
import io.vaultferry.messaging.StepHandler;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The handlers of this service by the command that they carry out. */
@ApplicationScoped
class StepHandlers {

    private final Map<Class<?>, StepHandler<?>> byCommand = new HashMap<>();

    StepHandlers(@All List<StepHandler<?>> handlers) {
        for (StepHandler<?> handler : handlers) {
            StepHandler<?> other = byCommand.put(handler.commandType(), handler);
            if (other != null) {
                throw new IllegalStateException(
                        "two handlers for " + handler.commandType().getSimpleName());
            }
        }
    }

    /** Finds the handler of exactly this command's type. */
    @SuppressWarnings("unchecked") // The map's key is the handler's own commandType().
    <C extends StepCommand> Optional<StepHandler<C>> of(C command) {
        return Optional.ofNullable((StepHandler<C>) byCommand.get(command.getClass()));
    }
}
