package io.vaultferry.sandbox.admin;

import io.vaultferry.sandbox.JournalEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** Every call that was answered or cut, in the order of their ends; the oldest are forgotten beyond a great number. */
public final class Journal {

    private static final int LONGEST = 500_000;

    private final List<JournalEntry> entries = new ArrayList<>();
    private final Map<String, Long> counters = new TreeMap<>();
    private long written;

    /** Adds the entry that is made with the next number. */
    public synchronized void add(LongFunction<JournalEntry> entry) {
        JournalEntry made = entry.apply(++written);
        entries.add(made);
        if (entries.size() > LONGEST) {
            entries.subList(0, LONGEST / 10).clear();
        }
        counters.merge(made.endpoint() + " " + made.status(), 1L, Long::sum);
    }

    public synchronized List<JournalEntry> after(long number) {
        return entries.stream().filter(entry -> entry.number() > number).toList();
    }

    public synchronized Map<String, Long> counters() {
        return new TreeMap<>(counters);
    }
}
