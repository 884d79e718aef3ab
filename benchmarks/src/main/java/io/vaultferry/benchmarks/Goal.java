package io.vaultferry.benchmarks;

import java.util.Locale;

/** What a ratio should be. */
public sealed interface Goal {

    /** The ratio is shown for comparison only. */
    Goal NONE = new None();

    static Goal atMost(double bound) {
        return new AtMost(bound);
    }

    static Goal atLeast(double bound) {
        return new AtLeast(bound);
    }

    /** What to say of a ratio: that it meets the goal, or by how much it misses it. */
    String verdict(double ratio);

    /** Smaller is better. */
    record AtMost(double bound) implements Goal {
        @Override
        public String verdict(double ratio) {
            return ratio <= bound ? "met" : missed(ratio / bound - 1);
        }

        @Override
        public String toString() {
            return "≤ " + Figure.number(bound);
        }
    }

    /** Larger is better. */
    record AtLeast(double bound) implements Goal {
        @Override
        public String verdict(double ratio) {
            return ratio >= bound ? "met" : missed(1 - ratio / bound);
        }

        @Override
        public String toString() {
            return "≥ " + Figure.number(bound);
        }
    }

    /** No goal. */
    record None() implements Goal {
        @Override
        public String verdict(double ratio) {
            return "";
        }

        @Override
        public String toString() {
            return "";
        }
    }

    private static String missed(double by) {
        return Double.isFinite(by) ? String.format(Locale.ROOT, "missed by %.0f %%", Math.ceil(by * 100)) : "missed";
    }
}
