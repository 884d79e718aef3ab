package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.StepMessage;
import java.util.List;
import java.util.Set;

/** What follows from an input. */
public sealed interface Decision {

    /**
     * The saga moves. State, messages, history and timer belong into one transaction.
     *
     * @param transition the row of the table that was taken
     * @param messages commands and controls to send, in this order
     */
    record Move(
            Transition transition, SagaState next, List<StepMessage> messages, List<HistoryEntry> history, Timer timer)
            implements Decision {

        public Move {
            messages = List.copyOf(messages);
            history = List.copyOf(history);
            if (next.status() != transition.to()) {
                throw new IllegalStateException(transition + " does not lead to " + next.status());
            }
        }
    }

    /** The input is void: nothing changes. */
    record Ignored(IgnoredBecause reason) implements Decision {}

    /**
     * An operator asked for what is not possible now.
     *
     * @param allowed what is
     */
    record Refused(OperatorAction action, Set<OperatorAction> allowed) implements Decision {

        public Refused {
            allowed = Set.copyOf(allowed);
        }
    }

    /** Why an input is void. */
    enum IgnoredBecause {
        /** The step has been answered already, or a later attempt was asked for since. */
        DUPLICATE_OR_LATE,
        /** The migration has ended. */
        ENDED,
        /** A timer that was overtaken by an answer. */
        TIMER_OVERTAKEN,
        /** Nobody asked for it. */
        UNEXPECTED
    }
}
