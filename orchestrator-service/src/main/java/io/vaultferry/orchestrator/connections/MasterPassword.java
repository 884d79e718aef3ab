package io.vaultferry.orchestrator.connections;

import com.fasterxml.jackson.annotation.JsonCreator;
import java.util.Arrays;

/**
 * A master password from the moment that it is read until it is wiped. Jackson reads it into an array, so that there is no
 * string of it; the buffers of the connection and of the parser keep its bytes until they are used again.
 */
final class MasterPassword implements AutoCloseable {

    private final char[] characters;

    /** Uses the array itself. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    MasterPassword(char[] characters) {
        this.characters = characters;
    }

    /** The array itself: it is overwritten when this is closed. */
    char[] characters() {
        return characters;
    }

    boolean isEmpty() {
        return characters.length == 0;
    }

    @Override
    public void close() {
        Arrays.fill(characters, '\0');
    }

    @Override
    public String toString() {
        return "MasterPassword[redacted]";
    }
}
