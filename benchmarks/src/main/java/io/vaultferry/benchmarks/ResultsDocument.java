package io.vaultferry.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The document of results. What is measured stands between marks and is replaced by the next run of the same benchmark; what people
 * write around it stays.
 *
 * <pre>
 * &lt;!-- begin relay --&gt;
 * ...
 * &lt;!-- end relay --&gt;
 * </pre>
 */
final class ResultsDocument {

    private final Path file;

    ResultsDocument(Path file) {
        this.file = file;
    }

    /** Puts a section into its place, or with a heading at the end when it has none. */
    void put(Section section) {
        replace(section.name(), "## " + section.name(), section.markdown());
    }

    /** Says what the latest run ran on. */
    void putMachine(String description) {
        replace("machine", "", List.of("Machine of the latest run: " + description));
    }

    private void replace(String name, String heading, List<String> lines) {
        String begin = "<!-- begin " + name + " -->\n";
        String end = "<!-- end " + name + " -->\n";
        String text = read();
        String content = begin + String.join("\n", lines) + "\n" + end;
        int from = text.indexOf(begin);
        int to = text.indexOf(end, Math.max(0, from));
        String changed = from >= 0 && to >= 0
                ? text.substring(0, from) + content + text.substring(to + end.length())
                : text + "\n" + (heading.isEmpty() ? "" : heading + "\n\n") + content;
        try {
            Files.writeString(file, changed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read() {
        try {
            return Files.exists(file) ? Files.readString(file) : "# Benchmarks\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
