package io.vaultferry.sandbox.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the route of a path; a literal segment wins over a variable one. */
public final class Router<R> {

    /**
     * What a request matched.
     *
     * @param template for example {@code /api/ciphers/{id}}
     * @param variables values of the variable segments, by name
     */
    public record Match<R>(String template, R route, Map<String, String> variables) {}

    private final Node<R> root = new Node<>();

    /** Adds a route, for example {@code add("GET", "/api/ciphers/{id}", route)}. */
    public void add(String method, String template, R route) {
        Node<R> node = root;
        for (String segment : segments(template)) {
            if (segment.startsWith("{")) {
                if (node.variable == null) {
                    node.variable = new Node<>();
                }
                node = node.variable;
            } else {
                node = node.literals.computeIfAbsent(segment, s -> new Node<>());
            }
        }
        if (node.routes.put(method, new Template<>(template, route)) != null) {
            throw new IllegalArgumentException("two routes for " + method + " " + template);
        }
    }

    public Optional<Match<R>> find(String method, String path) {
        List<String> segments = segments(path);
        return Optional.ofNullable(find(root, method, segments, 0)).map(found -> {
            Map<String, String> variables = new HashMap<>();
            List<String> names = segments(found.text);
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(i);
                if (name.startsWith("{")) {
                    variables.put(name.substring(1, name.length() - 1), segments.get(i));
                }
            }
            return new Match<>(found.text, found.route, variables);
        });
    }

    private Template<R> find(Node<R> node, String method, List<String> segments, int depth) {
        if (depth == segments.size()) {
            return node.routes.get(method);
        }
        Node<R> literal = node.literals.get(segments.get(depth));
        Template<R> found = literal == null ? null : find(literal, method, segments, depth + 1);
        if (found == null && node.variable != null) {
            found = find(node.variable, method, segments, depth + 1);
        }
        return found;
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private record Template<R>(String text, R route) {}

    private static final class Node<R> {
        private final Map<String, Node<R>> literals = new HashMap<>();
        private final Map<String, Template<R>> routes = new HashMap<>();
        private Node<R> variable;
    }
}
