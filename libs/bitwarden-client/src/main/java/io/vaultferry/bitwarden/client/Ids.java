package io.vaultferry.bitwarden.client;

import java.util.function.Function;

/** Reads identifiers out of answers. */
final class Ids {
    private Ids() {}

    static <T extends Id> T read(String text, Function<String, T> constructor) {
        try {
            return constructor.apply(text);
        } catch (IllegalArgumentException e) {
            throw new ProtocolViolationException("The answer holds an identifier that is none.");
        }
    }
}
