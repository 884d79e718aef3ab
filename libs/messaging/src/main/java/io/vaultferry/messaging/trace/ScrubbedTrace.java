package io.vaultferry.messaging.trace;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * The classes and frames of an exception and its causes. Messages are left out: those of exceptions that are not ours may
 * hold data.
 */
public final class ScrubbedTrace {

    private static final int FRAMES = 25;

    private ScrubbedTrace() {}

    /** The text, several lines long. */
    public static String of(Throwable thrown) {
        StringBuilder text = new StringBuilder();
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable one = thrown; one != null && seen.add(one); one = one.getCause()) {
            text.append(seen.size() == 1 ? "" : "\nCaused by: ")
                    .append(one.getClass().getName());
            StackTraceElement[] frames = one.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
                text.append("\n    at ").append(frames[i]);
            }
            if (frames.length > FRAMES) {
                text.append("\n    ... ").append(frames.length - FRAMES).append(" more");
            }
        }
        return text.toString();
    }
}
