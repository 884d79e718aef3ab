package io.vaultferry.launcher.demo;

import java.util.Locale;

/** Numbers of bytes for people. */
final class ByteCount {

    private static final int STEP = 1024;
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};

    private ByteCount() {}

    /** For example {@code 17 B}, {@code 1.5 KiB}, {@code 525.3 MiB}. */
    static String text(long bytes) {
        return text((double) bytes);
    }

    static String text(double bytes) {
        if (bytes < STEP) {
            return String.format(Locale.ROOT, "%.0f B", bytes);
        }
        double amount = bytes / STEP;
        int unit = 0;
        while (amount >= STEP && unit < UNITS.length - 1) {
            amount /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
    }
}
