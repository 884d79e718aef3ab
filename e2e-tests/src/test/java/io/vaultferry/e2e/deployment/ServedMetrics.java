package io.vaultferry.e2e.deployment;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The metrics that expressions of Prometheus may name, and those that they do. */
final class ServedMetrics {

    private static final String LIST = "deploy/prometheus/metrics.txt";

    /** What Prometheus makes itself of every scrape. */
    private static final String UP = "up";

    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "atan2");
    private static final Pattern NOT_A_METRIC = Pattern.compile(
            "\\{[^}]*}|\\[[^]]*]|\"[^\"]*\"" + "|\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
    private static final Pattern METRIC = Pattern.compile("\\b[a-zA-Z_:][a-zA-Z0-9_:]*\\b(?!\\s*\\()");

    private ServedMetrics() {}

    /** The list that a test of the orchestrator compares with what it serves. */
    static Set<String> in(Repository repository) {
        Set<String> names = repository
                .text(LIST)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.toCollection(TreeSet::new));
        names.add(UP);
        return names;
    }

    /** The metrics that an expression names. */
    static Set<String> namedBy(String expression) {
        Set<String> names = new TreeSet<>();
        Matcher metric = METRIC.matcher(NOT_A_METRIC.matcher(expression).replaceAll(" "));
        while (metric.find()) {
            if (!OPERATORS.contains(metric.group())) {
                names.add(metric.group());
            }
        }
        return names;
    }
}
