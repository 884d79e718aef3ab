package io.vaultferry.sandbox.admin;

import io.vaultferry.sandbox.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** Every call that was answered or cut, in the order of their ends; the oldest are forgotten beyond a great number. */
public final class Journal {

    private static final int LONGEST = 500_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<JournalEntry> entries = new ArrayList<>();
    private final Map<String, Long> counters = new TreeMap<>();
    private int beingAnswered;
    private long written;

    /** Says that a call is about to be answered; {@link #add} follows. */
    public synchronized void answerBegins() {
        beingAnswered++;
    }

    /** Adds the entry that is made with the next number. */
    public synchronized void add(LongFunction<JournalEntry> entry) {
        JournalEntry made = entry.apply(++written);
        entries.add(made);
        if (entries.size() > LONGEST) {
            entries.subList(0, LONGEST / 10).clear();
        }
        counters.merge(made.endpoint() + " " + made.status(), 1L, Long::sum);
        beingAnswered--;
        notifyAll();
    }

    public synchronized List<JournalEntry> after(long number) {
        awaitEntries();
        return entries.stream().filter(entry -> entry.number() > number).toList();
    }

    public synchronized Map<String, Long> counters() {
        awaitEntries();
        return new TreeMap<>(counters);
    }

    /**
     * Waits for the entries of calls whose answers are on their way: who has read an answer and then asks for its entry must
     * find it. Not for long, since an answer may be a large file.
     */
    private void awaitEntries() {
        long begin = System.nanoTime();
        try {
            for (long left = PATIENCE_NANOS;
                    beingAnswered > 0 && left > 0;
                    left = PATIENCE_NANOS - (System.nanoTime() - begin)) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
