package io.vaultferry.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What the benchmarks run on. */
final class Machine {

    private static final double GIB = 1L << 30;

    private Machine() {}

    /** In one line: processor, cores, memory, Java, kernel. */
    static String describe() {
        Runtime.Version java = Runtime.version();
        return String.format(
                Locale.ROOT,
                "%s, %d cores, %.0f GiB memory, %s %s, %s %s",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                memoryGib(),
                System.getProperty("java.vm.name"),
                java,
                System.getProperty("os.name"),
                System.getProperty("os.version"));
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElseGet(() -> System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static double memoryGib() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getTotalMemorySize() / GIB
                : Double.NaN;
    }
}
