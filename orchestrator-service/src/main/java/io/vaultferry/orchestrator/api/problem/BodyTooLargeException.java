package io.vaultferry.orchestrator.api.problem;

import java.io.IOException;

/** The body went over the cap. An {@link IOException}, because it is found while the body is read. */
public final class BodyTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    BodyTooLargeException(int largest) {
        super("A body may have at most " + largest / 1024 + " KiB.");
    }
}
