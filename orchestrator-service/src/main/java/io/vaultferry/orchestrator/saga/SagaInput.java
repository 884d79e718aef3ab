package io.vaultferry.orchestrator.saga;

import io.vaultferry.contracts.MessageCodec;
import io.vaultferry.contracts.Step;
import io.vaultferry.contracts.StepReply;
import java.util.Locale;

/** Anything that can make a saga move. */
public sealed interface SagaInput {

    /** What the history says came in: a message's type id, {@code operator:pause}, {@code deadline-passed}, ... */
    String label();

    /** The migration has been accepted and stored. */
    record Started() implements SagaInput {
        @Override
        public String label() {
            return "started";
        }
    }

    /** A participant answered. */
    record Reply(StepReply reply) implements SagaInput {
        @Override
        public String label() {
            return MessageCodec.typeIdOf(reply.getClass());
        }
    }

    /** A command was neither answered nor reported on in time. */
    record DeadlinePassed(Step step, int attempt) implements SagaInput {
        @Override
        public String label() {
            return "deadline-passed";
        }
    }

    /** It is time to ask again whether people have accepted; {@code attempt} is the last one that was answered. */
    record PollDue(int attempt) implements SagaInput {
        @Override
        public String label() {
            return "poll-due";
        }
    }

    /** An operator asks for something. */
    record OperatorActed(OperatorAction action) implements SagaInput {
        @Override
        public String label() {
            return "operator:" + action.name().toLowerCase(Locale.ROOT);
        }
    }
}
