package io.vaultferry.benchmarks;

import java.util.Locale;

/**
 * A number and what it counts.
 *
 * @param unit for example {@code s} or {@code items/s}
 */
public record Figure(double value, String unit) {

    @Override
    public String toString() {
        return (number(value) + " " + unit).strip();
    }

    /** With three significant digits, or all digits before the point. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100 || size == 0) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        if (size >= 10) {
            return String.format(Locale.ROOT, "%.1f", value);
        }
        return String.format(Locale.ROOT, size >= 1 ? "%.2f" : "%.3f", value);
    }
}
