package io.vaultferry.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/**
 * How busy the machine is before a benchmark begins.
 *
 * @param average of the last minute, as the system counts it; it still holds the benchmark before
 * @param idle how much of the processors' time was idle in the second before, between 0 and 1; empty where the kernel does not tell
 * @param cores how many processors there are
 */
public record Load(double average, OptionalDouble idle, int cores) {

    private static final Path STAT = Path.of("/proc/stat");
    private static final double LEAST_IDLE = 0.7;
    private static final int IDLE = 3;
    private static final int WAITING_FOR_A_DISK = 4;

    /** Takes a second. */
    public static Load now() throws InterruptedException {
        long[] before = ticks();
        TimeUnit.SECONDS.sleep(1);
        long[] after = ticks();
        return new Load(
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                idle(before, after),
                Runtime.getRuntime().availableProcessors());
    }

    private static long[] ticks() {
        try {
            String all = Files.readAllLines(STAT).getFirst();
            return Arrays.stream(all.strip().split("\\s+", -1))
                    .skip(1)
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (IOException e) {
            return new long[0];
        }
    }

    private static OptionalDouble idle(long[] before, long[] after) {
        if (before.length <= WAITING_FOR_A_DISK || before.length != after.length) {
            return OptionalDouble.empty();
        }
        long all = Arrays.stream(after).sum() - Arrays.stream(before).sum();
        long idle = after[IDLE] + after[WAITING_FOR_A_DISK] - before[IDLE] - before[WAITING_FOR_A_DISK];
        return all == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) idle / all);
    }

    /**
     * Whether others use the processors, so that every figure would be about them. The average remembers a minute: where the kernel
     * tells what is idle now, that decides.
     */
    public boolean isTooHigh() {
        return idle.isPresent() ? idle.getAsDouble() < LEAST_IDLE : average > cores;
    }

    @Override
    public String toString() {
        String text = String.format(Locale.ROOT, "%.2f on %d cores", average, cores);
        return idle.isEmpty() ? text : text + String.format(Locale.ROOT, ", %.0f %% idle", idle.getAsDouble() * 100);
    }
}
