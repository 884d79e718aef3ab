package io.vaultferry.launcher;

import java.io.PrintStream;
import java.util.List;

/**
 * What the person sees. Lines are printed one below the other; on a real terminal a few lines at the bottom may be live, that is,
 * replaced by newer ones. Thread-safe.
 */
final class Terminal {

    private final PrintStream out;
    private final boolean live;
    private List<String> bottom = List.of();

    Terminal(PrintStream out, boolean live) {
        this.out = out;
        this.live = live;
    }

    /** Standard output; {@code ./ferry} says whether it is a terminal. */
    static Terminal standard() {
        return new Terminal(System.out, Boolean.getBoolean("vaultferry.terminal"));
    }

    /** Whether {@link #show} can replace lines. */
    boolean isLive() {
        return live;
    }

    synchronized void say(String line) {
        eraseBottom();
        out.println(line);
        bottom.forEach(out::println);
        out.flush();
    }

    /** Replaces the live lines. Without a real terminal this prints nothing. */
    synchronized void show(List<String> lines) {
        if (live) {
            eraseBottom();
            bottom = List.copyOf(lines);
            bottom.forEach(out::println);
            out.flush();
        }
    }

    /** The live lines stay as they are, and what follows is printed below them. */
    synchronized void keep() {
        bottom = List.of();
    }

    private void eraseBottom() {
        if (!bottom.isEmpty()) {
            // Up to the first live line, and clear everything below.
            out.print("\033[" + bottom.size() + "A\033[J");
        }
    }
}
