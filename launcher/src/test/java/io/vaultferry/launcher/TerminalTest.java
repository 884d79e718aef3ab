package io.vaultferry.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    @Test
    void liveLinesAreReplacedAndStayBelowWhatIsSaid() {
        Terminal terminal = terminal(true);

        terminal.show(List.of("one", "two"));
        terminal.say("said");
        terminal.show(List.of("three"));

        assertThat(printed()).isEqualTo("one\ntwo\n\033[2A\033[Jsaid\none\ntwo\n\033[2A\033[Jthree\n");
    }

    @Test
    void keptLinesAreNotReplaced() {
        Terminal terminal = terminal(true);

        terminal.show(List.of("kept"));
        terminal.keep();
        terminal.say("said");

        assertThat(printed()).isEqualTo("kept\nsaid\n");
    }

    @Test
    void withoutATerminalOnlyWhatIsSaidIsPrinted() {
        Terminal terminal = terminal(false);

        terminal.show(List.of("live"));
        terminal.say("said");

        assertThat(printed()).isEqualTo("said\n");
    }

    private Terminal terminal(boolean live) {
        return new Terminal(new PrintStream(screen, true, StandardCharsets.UTF_8), live);
    }

    private String printed() {
        return screen.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
