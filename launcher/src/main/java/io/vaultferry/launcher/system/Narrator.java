package io.vaultferry.launcher.system;

/** Tells the person at the terminal what happens. Called from several threads. */
@FunctionalInterface
public interface Narrator {

    /** One sentence, without a line break. */
    void say(String sentence);
}
