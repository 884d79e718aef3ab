package io.vaultferry.benchmarks.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultferry.benchmarks.NotMeasuredException;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The peer of a relay: {@code curl SOURCE | curl -T - TARGET}. The length is not known to the second one, so it sends chunks, and
 * bare bytes by PUT where Vaultferry sends a form by POST.
 */
final class CurlPipe {

    /** What {@code times} prints: of the shell, then of all that it waited for. */
    private static final Pattern TIME = Pattern.compile("(\\d+)m(\\d+(?:[.]\\d+)?)s");

    private final String source;
    private final String target;

    CurlPipe(String source, String target) {
        this.source = source;
        this.target = target;
    }

    /**
     * What it took.
     *
     * @param wall in seconds
     * @param cpu of all its processes, in seconds
     */
    record Cost(double wall, double cpu) {}

    /** @throws NotMeasuredException when there is no curl */
    static void require() throws IOException, InterruptedException {
        try {
            new ProcessBuilder("curl", "--version")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new NotMeasuredException("there is no curl on this machine", e);
        }
    }

    /** Moves files, so many at a time. */
    Cost move(int count, long size, int parallel, boolean readBack) throws IOException, InterruptedException {
        String readingBack = readBack ? " && curl -sSf \"$target/files/$size/$1\" | sha256sum" : "";
        return run("""
                size=%d; source='%s'; target='%s'
                move() {
                  curl -sSfN "$source/files/$size/$1" | curl -sSf -H 'Expect:' -T - "$target/files/$size/$1"%s
                }
                worker() {
                  file=$1
                  while [ $file -le %d ]; do move c$file; file=$((file + %d)); done
                }
                worker=1
                while [ $worker -le %d ]; do worker $worker & worker=$((worker + 1)); done
                wait
                """.formatted(size, source, target, readingBack, count, parallel, parallel));
    }

    private static Cost run(String script) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process shell = new ProcessBuilder("/bin/sh", "-c", script + "\ntimes >&2")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        String printed = new String(shell.getErrorStream().readAllBytes(), UTF_8);
        int exit = shell.waitFor();
        double wall = (System.nanoTime() - began) / 1e9;
        if (exit != 0 || printed.contains("curl:")) {
            throw new IOException("curl failed: " + printed);
        }
        return new Cost(wall, cpuOfChildren(printed));
    }

    private static double cpuOfChildren(String times) {
        String[] lines = times.strip().split("\n", -1);
        Matcher matcher = TIME.matcher(lines[lines.length - 1]);
        double seconds = 0;
        while (matcher.find()) {
            seconds += Integer.parseInt(matcher.group(1)) * 60 + Double.parseDouble(matcher.group(2));
        }
        return seconds;
    }
}
