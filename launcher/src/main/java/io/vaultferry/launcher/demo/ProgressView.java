package io.vaultferry.launcher.demo;

import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.demo.MigrationApi.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A migration's steps as lines of text. */
final class ProgressView {

    private ProgressView() {}

    /** One line for each step, for a terminal that can replace them. */
    static List<String> table(Migration migration, Instant now) {
        List<String> lines = new ArrayList<>();
        for (int index = 0; index < migration.steps().size(); index++) {
            lines.add(line(index + 1, migration.steps().get(index), now));
        }
        return lines;
    }

    /** The lines of the steps that have ended in {@code after} and had not in {@code before}. */
    static List<String> ended(Migration before, Migration after, Instant now) {
        List<String> lines = new ArrayList<>();
        for (int index = 0; index < after.steps().size(); index++) {
            Step step = after.steps().get(index);
            boolean ended =
                    before.steps().size() > index && isOver(before.steps().get(index));
            if (isOver(step) && !ended) {
                lines.add(line(index + 1, step, now));
            }
        }
        return lines;
    }

    private static boolean isOver(Step step) {
        return switch (step.status()) {
            case "DONE", "SKIPPED", "FAILED" -> true;
            default -> false;
        };
    }

    private static String line(int number, Step step, Instant now) {
        String text = "  %2d  %-21s %-8s %8s  %s"
                .formatted(number, name(step), state(step), duration(step, now), counts(step));
        return text.stripTrailing();
    }

    private static String name(Step step) {
        return step.step().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String state(Step step) {
        return "PENDING".equals(step.status()) ? "" : step.status().toLowerCase(Locale.ROOT);
    }

    private static String duration(Step step, Instant now) {
        if (step.startedAt() == null) {
            return "";
        }
        Instant end = step.finishedAt() == null ? now : step.finishedAt();
        return String.format(
                Locale.ROOT, "%.1f s", Duration.between(step.startedAt(), end).toMillis() / 1e3);
    }

    private static String counts(Step step) {
        return step.total() == 0 ? "" : step.done() + " of " + step.total();
    }
}
