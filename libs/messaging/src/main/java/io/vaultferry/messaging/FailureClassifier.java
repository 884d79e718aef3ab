package io.vaultferry.messaging;

import java.util.Optional;

/** Knows the exceptions of one library. An implementation is a CDI bean; it is asked for an exception and for its causes. */
public interface FailureClassifier {

    /** What the exception means for a step, or empty when this classifier does not know it. */
    Optional<StepFailure> classify(Throwable thrown);
}
