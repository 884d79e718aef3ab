package io.vaultferry.launcher.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** How much memory processes had resident at most, where the kernel tells (Linux). */
final class PeakMemory {

    private PeakMemory() {}

    /** In MiB; empty where it cannot be known. */
    static OptionalLong of(ProcessHandle process) {
        return kibibytes(process, "status", "VmHWM:");
    }

    /**
     * A process and its descendants, in MiB, at this moment: they share memory, so that the sum of their peaks would count it several
     * times.
     */
    static OptionalLong ofTreeNow(ProcessHandle process) {
        List<OptionalLong> parts = Stream.concat(Stream.of(process), process.descendants())
                .map(member -> kibibytes(member, "smaps_rollup", "Pss:"))
                .filter(OptionalLong::isPresent)
                .toList();
        return parts.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(
                        parts.stream().mapToLong(OptionalLong::getAsLong).sum());
    }

    private static OptionalLong kibibytes(ProcessHandle process, String file, String field) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), file))) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
