package io.vaultferry.benchmarks.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What OpenSSL does on the same machine, as far as it is there. */
final class OpenSsl {

    /** The last line of {@code openssl speed}, for example {@code AES-256-CBC  1047552.00k}. */
    private static final Pattern SPEED = Pattern.compile("(?m)^AES-256-CBC\\s+([0-9.]+)k\\s*$");

    private static final double KILO = 1000;

    private OpenSsl() {}

    /** Encryption of pieces of this size; empty without an openssl that can tell. */
    static OptionalDouble aesCbcBytesPerSecond(int piece, int seconds) throws InterruptedException {
        String output =
                run(List.of("openssl", "speed", "-seconds", "" + seconds, "-bytes", "" + piece, "-evp", "aes-256-cbc"));
        Matcher line = SPEED.matcher(output);
        return line.find() ? OptionalDouble.of(Double.parseDouble(line.group(1)) * KILO) : OptionalDouble.empty();
    }

    /** Seconds to derive one key; empty without an openssl that can. */
    static OptionalDouble secondsForPbkdf2(String password, String salt, int iterations) throws InterruptedException {
        long began = System.nanoTime();
        String output = run(List.of(
                "openssl",
                "kdf",
                "-keylen",
                "32",
                "-kdfopt",
                "digest:SHA256",
                "-kdfopt",
                "pass:" + password,
                "-kdfopt",
                "salt:" + salt,
                "-kdfopt",
                "iter:" + iterations,
                "PBKDF2"));
        double seconds = (System.nanoTime() - began) / 1e9;
        return output.contains(":") ? OptionalDouble.of(seconds) : OptionalDouble.empty();
    }

    private static String run(List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return process.waitFor() == 0 ? output : "";
        } catch (IOException e) {
            return "";
        }
    }
}
