package io.vaultferry.e2e.deployment;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one service reads of its configuration, found in its sources and in those of the libraries that it depends on: property
 * files, {@code @ConfigProperty} and {@code @ConfigMapping}. What Quarkus itself reads is taken from what the launcher gives to
 * the processes, which the end-to-end tests run.
 */
final class ServiceConfiguration {

    private static final Pattern OUR_DEPENDENCY =
            Pattern.compile("<dependency>\\s*<groupId>io\\.vaultferry</groupId>\\s*<artifactId>([a-z-]+)</artifactId>"
                    + "\\s*(<scope>test</scope>)?");
    private static final Pattern CONFIG_PROPERTY =
            Pattern.compile("@ConfigProperty\\(\\s*name = \"([^\"]+)\"([^)]*)\\)\\s*"
                    + "(?:@[A-Za-z]+(?:\\([^)]*\\))?\\s*)*(Optional)?");
    private static final Pattern CONFIG_MAPPING =
            Pattern.compile("@ConfigMapping\\(prefix = \"([^\"]+)\"\\)[^{]*\\{(.*?)\\n {0,4}\\}", Pattern.DOTALL);
    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|(?m)^\\s*//.*$", Pattern.DOTALL);
    private static final Pattern MAPPED = Pattern.compile(
            "(@WithDefault\\([^;]*?\\)\\s*)?(?<![\\w.])([A-Za-z]+)(<[^;]*>)?\\s+([a-z][A-Za-z0-9]*)\\(\\);");
    private static final Pattern LAUNCHER_NAME = Pattern.compile("\"((?:quarkus|kafka)\\.[a-z0-9.-]+[a-z0-9])\"");

    private final Set<String> names = new TreeSet<>();
    private final Set<String> prefixes = new TreeSet<>();
    private final Set<String> required = new TreeSet<>();
    private final Map<String, String> values = new HashMap<>();

    private ServiceConfiguration() {}

    static ServiceConfiguration of(Repository repository, String service) {
        ServiceConfiguration configuration = new ServiceConfiguration();
        for (String module : modulesOf(repository, service)) {
            configuration.readProperties(
                    repository.path(module + "/src/main/resources/META-INF/microprofile-config.properties"));
            configuration.readProperties(repository.path(module + "/src/main/resources/application.properties"));
            Path sources = repository.path(module + "/src/main/java");
            if (Files.isDirectory(sources)) {
                repository
                        .files(module + "/src/main/java", name -> name.endsWith(".java"))
                        .forEach(file -> configuration.readSource(Repository.read(file)));
            }
        }
        Matcher launcher = LAUNCHER_NAME.matcher(
                repository.text("launcher/src/main/java/io/vaultferry/launcher/system/VaultferrySystem.java"));
        while (launcher.find()) {
            configuration.names.add(launcher.group(1));
        }
        return configuration;
    }

    /** Whether an environment variable sets something that the service reads. */
    boolean reads(String variable) {
        return names.stream().anyMatch(name -> variableOf(name).equals(variable))
                || prefixes.stream().anyMatch(prefix -> variable.startsWith(variableOf(prefix) + "_"));
    }

    /** The environment variables of what has neither a default nor a value in a property file. */
    Set<String> requiredVariables() {
        Set<String> variables = new TreeSet<>();
        required.stream()
                .filter(name -> !values.containsKey(name))
                .map(ServiceConfiguration::variableOf)
                .forEach(variables::add);
        return variables;
    }

    /** What the property files say. */
    Optional<String> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The rule of MicroProfile Config: whatever is neither a letter nor a digit is an underscore, in capitals. */
    static String variableOf(String name) {
        return name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /** Libraries first, so that what the service says wins. */
    private static List<String> modulesOf(Repository repository, String service) {
        Set<String> modules = new LinkedHashSet<>();
        collect(repository, service, modules);
        return List.copyOf(modules);
    }

    private static void collect(Repository repository, String module, Set<String> modules) {
        Matcher dependency = OUR_DEPENDENCY.matcher(repository.text(module + "/pom.xml"));
        while (dependency.find()) {
            String library = "libs/" + dependency.group(1);
            if (dependency.group(2) == null && !modules.contains(library)) {
                collect(repository, library, modules);
            }
        }
        modules.add(module);
    }

    private void readProperties(Path file) {
        if (!Files.exists(file)) {
            return;
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Repository.read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        properties.forEach((name, value) -> {
            names.add(name.toString());
            values.put(name.toString(), value.toString());
        });
    }

    private void readSource(String source) {
        Matcher property = CONFIG_PROPERTY.matcher(source);
        while (property.find()) {
            names.add(property.group(1));
            boolean quarkusOwn = property.group(1).startsWith("quarkus.");
            if (!quarkusOwn && !property.group(2).contains("defaultValue") && property.group(3) == null) {
                required.add(property.group(1));
            }
        }
        Matcher mapping = CONFIG_MAPPING.matcher(source);
        while (mapping.find()) {
            Matcher method = MAPPED.matcher(COMMENT.matcher(mapping.group(2)).replaceAll(""));
            while (method.find()) {
                String name = mapping.group(1) + "." + kebab(method.group(4));
                String type = method.group(2);
                if (type.equals("Map")) {
                    prefixes.add(name);
                    continue;
                }
                names.add(name);
                if (method.group(1) == null
                        && Stream.of("Optional", "OptionalInt", "OptionalDouble", "List")
                                .noneMatch(type::equals)) {
                    required.add(name);
                }
            }
        }
    }

    private static String kebab(String method) {
        return method.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
