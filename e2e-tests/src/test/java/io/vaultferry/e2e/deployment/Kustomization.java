package io.vaultferry.e2e.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A directory of Kubernetes manifests with its {@code kustomization.yaml}, read without kustomize. */
record Kustomization(String directory, JsonNode tree, List<JsonNode> objects) {

    static Kustomization in(Repository repository, String directory) {
        JsonNode tree = repository.yaml(directory + "/kustomization.yaml");
        List<JsonNode> objects = tree.path("resources")
                .valueStream()
                .map(JsonNode::asText)
                .filter(resource -> resource.endsWith(".yaml"))
                .flatMap(resource -> repository.yamlDocuments(directory + "/" + resource).stream())
                .toList();
        return new Kustomization(directory, tree, objects);
    }

    /** The files that it names and that lie beside it. */
    Set<String> files() {
        Set<String> files = new TreeSet<>();
        tree.path("resources").forEach(resource -> {
            if (resource.asText().endsWith(".yaml")) {
                files.add(resource.asText());
            }
        });
        return files;
    }

    List<JsonNode> ofKind(String kind) {
        return objects.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    JsonNode object(String kind, String name) {
        return ofKind(kind).stream()
                .filter(object -> nameOf(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + directory));
    }

    /** The keys and values that a config map is generated from. */
    Map<String, String> configMap(String name) {
        Map<String, String> values = new TreeMap<>();
        for (JsonNode generator : tree.path("configMapGenerator")) {
            if (nameOf(generator, "/name").equals(name)) {
                generator.path("literals").forEach(literal -> {
                    String text = literal.asText();
                    values.put(text.substring(0, text.indexOf('=')), text.substring(text.indexOf('=') + 1));
                });
            }
        }
        return values;
    }

    /** The files that secrets are generated from, by the secret's name. */
    Map<String, Set<String>> secretFiles() {
        Map<String, Set<String>> files = new TreeMap<>();
        for (JsonNode generator : tree.path("secretGenerator")) {
            Set<String> names = files.computeIfAbsent(nameOf(generator, "/name"), name -> new TreeSet<>());
            generator.path("files").forEach(file -> names.add(file.asText()));
            generator.path("envs").forEach(file -> names.add(file.asText()));
        }
        return files;
    }

    static String nameOf(JsonNode object) {
        return nameOf(object, "/metadata/name");
    }

    private static String nameOf(JsonNode object, String pointer) {
        return object.at(pointer).asText();
    }
}
