package io.vaultferry.e2e.deployment;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics that the sources register, under the names that Prometheus sees. */
final class RegisteredMetrics {

    private static final Pattern BUILDER =
            Pattern.compile("\\b(Gauge|MultiGauge|Counter|FunctionCounter|Timer)\\.builder\\(\\s*\"([a-z.]+)\"");
    private static final Pattern SHORT_FORM = Pattern.compile("\\bmeters\\.(counter|timer)\\(\\s*\"([a-z.]+)\"");

    private RegisteredMetrics() {}

    static Set<String> in(Repository repository) {
        Set<String> names = new TreeSet<>();
        for (Path file : repository.files("", name -> name.endsWith(".java"))) {
            if (file.toString().contains("/src/main/")) {
                String source = Repository.read(file);
                collect(BUILDER.matcher(source), names);
                collect(SHORT_FORM.matcher(source), names);
            }
        }
        return names;
    }

    private static void collect(Matcher meter, Set<String> names) {
        while (meter.find()) {
            String name = meter.group(2).replace('.', '_');
            switch (meter.group(1)) {
                case "Counter", "FunctionCounter", "counter" -> names.add(name + "_total");
                case "Timer", "timer" ->
                    List.of("count", "sum", "max").forEach(part -> names.add(name + "_seconds_" + part));
                default -> names.add(name);
            }
        }
    }
}
