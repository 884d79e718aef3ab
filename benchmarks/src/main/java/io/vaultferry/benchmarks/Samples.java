package io.vaultferry.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** The same thing measured several times. */
public final class Samples {

    private final List<Double> values = new ArrayList<>();

    public void add(double value) {
        values.add(value);
    }

    public int count() {
        return values.size();
    }

    public double median() {
        return percentile(50);
    }

    /** The smallest value that so many percent of all do not exceed; of two middle ones the mean. */
    public double percentile(int percent) {
        if (values.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        double place = percent / 100.0 * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(place));
        double above = sorted.get((int) Math.ceil(place));
        return below + (above - below) * (place - Math.floor(place));
    }

    /** For example {@code 0.91 to 1.04 in 5 runs}. */
    public String spread() {
        return String.format(
                Locale.ROOT,
                "%s to %s in %d runs",
                Figure.number(Collections.min(values)),
                Figure.number(Collections.max(values)),
                values.size());
    }
}
