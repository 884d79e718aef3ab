package io.vaultferry.e2e.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A compose file as far as the checks look at it. */
record ComposeFile(JsonNode tree) {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(:\\?|:-)?[^}]*}");
    private static final Pattern IMAGE = Pattern.compile("vaultferry/(.+)");

    /** One service of the file. */
    record Service(String name, JsonNode tree) {

        Map<String, String> environment() {
            Map<String, String> environment = new TreeMap<>();
            tree.path("environment")
                    .properties()
                    .forEach(entry ->
                            environment.put(entry.getKey(), entry.getValue().asText()));
            return environment;
        }

        /** The variable of {@code .env} that an environment variable takes its value from. */
        Optional<String> source(String variable) {
            Matcher matcher = VARIABLE.matcher(environment().getOrDefault(variable, ""));
            return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
        }

        List<String> volumes() {
            return tree.path("volumes").valueStream().map(JsonNode::asText).toList();
        }

        List<String> ports() {
            return tree.path("ports").valueStream().map(JsonNode::asText).toList();
        }

        /** Where something is mounted in the container. */
        Set<String> mounts() {
            Set<String> mounts = new TreeSet<>();
            for (String volume : volumes()) {
                String[] parts = volume.split(":", -1);
                mounts.add(parts.length == 1 ? parts[0] : parts[1]);
            }
            tree.path("tmpfs").forEach(directory -> mounts.add(directory.asText()));
            tree.path("secrets").forEach(secret -> mounts.add("/run/secrets/" + secret.asText()));
            return mounts;
        }
    }

    Service service(String name) {
        return new Service(name, tree.path("services").path(name));
    }

    List<Service> services() {
        return tree.path("services").properties().stream()
                .map(entry -> new Service(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** The services that are built from this repository. */
    List<Service> ours() {
        return services().stream()
                .filter(service ->
                        IMAGE.matcher(service.tree().path("image").asText()).matches())
                .toList();
    }

    /** The variables without which {@code docker compose} refuses to start. */
    Set<String> demanded() {
        Set<String> names = new TreeSet<>();
        collect(tree, ":?", names);
        return names;
    }

    /** The variables that have a default. */
    Set<String> optional() {
        Set<String> names = new TreeSet<>();
        collect(tree, ":-", names);
        return names;
    }

    /** The variables that are neither demanded nor have a default: compose would put nothing in their place. */
    Set<String> silentlyEmpty() {
        Set<String> names = new TreeSet<>();
        collect(tree, null, names);
        return names;
    }

    private static void collect(JsonNode node, String operator, Set<String> names) {
        if (node.isTextual()) {
            Matcher matcher = VARIABLE.matcher(node.asText());
            while (matcher.find()) {
                if (operator == null ? matcher.group(2) == null : operator.equals(matcher.group(2))) {
                    names.add(matcher.group(1));
                }
            }
        }
        node.forEach(child -> collect(child, operator, names));
    }
}
