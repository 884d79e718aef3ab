package io.vaultferry.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What of a recording is called what in a replay: ids, tokens and generated keys differ, everything else must be the same.
 * It is learned from answers, where the recorded value and the replayed one stand in the same place, and is used to
 * translate the requests that follow.
 */
final class Correspondence {

    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final String ATTACHMENT_ID = "\\b[0-9a-f]{20}\\b";
    private static final String JWT = "eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+";
    private static final String API_KEY = "(?<![A-Za-z0-9+/])[A-Za-z0-9]{30}(?![A-Za-z0-9+/=])";
    private static final Pattern NAME = Pattern.compile(UUID + "|" + ATTACHMENT_ID + "|" + JWT + "|" + API_KEY);
    private static final Pattern ID = Pattern.compile(UUID + "|" + ATTACHMENT_ID);
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
    private static final Pattern SERVER_TIME = Pattern.compile("Server time: [0-9 :-]+ UTC");
    private static final Pattern TOTP_SECRET = Pattern.compile("[A-Z2-7]{32}");
    private static final long FIRST_MILLISECONDS = 1_700_000_000_000L;

    private final Map<String, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final String recordedBaseUrl;
    private String baseUrl;

    Correspondence(String recordedBaseUrl) {
        this.recordedBaseUrl = recordedBaseUrl;
    }

    void setBaseUrl(String value) {
        baseUrl = value;
    }

    /** A piece of a recorded request in the words of the replay. */
    String translate(String recorded) {
        return NAME.matcher(recorded)
                .replaceAll(match -> names.getOrDefault(match.group(), match.group()))
                .replace(recordedBaseUrl, baseUrl);
    }

    String nameOf(String recordedName) {
        return names.getOrDefault(recordedName, recordedName);
    }

    /** Learns and compares; the answer lists what is different, by its path. */
    List<String> compare(JsonNode recorded, JsonNode replayed) {
        List<String> differences = new ArrayList<>();
        compare("$", recorded, replayed, differences);
        return differences;
    }

    private void compare(String path, JsonNode recorded, JsonNode replayed, List<String> differences) {
        if (recorded.getNodeType() != replayed.getNodeType()) {
            differences.add(path + ": " + recorded.getNodeType() + " was recorded, " + replayed.getNodeType());
            return;
        }
        switch (recorded.getNodeType()) {
            case OBJECT -> compareMembers(path, recorded, replayed, differences);
            case ARRAY -> compareElements(path, recorded, replayed, differences);
            case STRING -> compareText(path, recorded.textValue(), replayed.textValue(), differences);
            case NUMBER -> {
                boolean bothMoments =
                        recorded.longValue() > FIRST_MILLISECONDS && replayed.longValue() > FIRST_MILLISECONDS;
                if (!recorded.equals(replayed) && !bothMoments) {
                    differences.add(path + ": " + recorded + " was recorded, " + replayed);
                }
            }
            default -> {
                if (!recorded.equals(replayed)) {
                    differences.add(path + ": " + recorded + " was recorded, " + replayed);
                }
            }
        }
    }

    private void compareMembers(String path, JsonNode recorded, JsonNode replayed, List<String> differences) {
        Set<String> expected = new TreeSet<>();
        recorded.fieldNames().forEachRemaining(expected::add);
        Set<String> actual = new TreeSet<>();
        replayed.fieldNames().forEachRemaining(actual::add);
        if (!expected.equals(actual)) {
            Set<String> missing = new TreeSet<>(expected);
            missing.removeAll(actual);
            Set<String> surplus = new TreeSet<>(actual);
            surplus.removeAll(expected);
            differences.add(path + ": missing " + missing + ", surplus " + surplus);
        }
        // Items name collections only by id: who is who is learned from the collections themselves.
        List<String> order = new ArrayList<>(expected);
        if (order.remove("collections")) {
            order.addFirst("collections");
        }
        for (String name : order) {
            if (replayed.has(name)) {
                compare(path + "." + name, recorded.get(name), replayed.get(name), differences);
            }
        }
    }

    private void compareElements(String path, JsonNode recorded, JsonNode replayed, List<String> differences) {
        if (recorded.size() != replayed.size()) {
            differences.add(path + ": " + recorded.size() + " elements were recorded, " + replayed.size());
            return;
        }
        List<JsonNode> rest = new ArrayList<>();
        replayed.forEach(rest::add);
        for (int i = 0; i < recorded.size(); i++) {
            JsonNode element = recorded.get(i);
            // Whatever has a known id may stand elsewhere: some lists are sorted by id.
            Optional<JsonNode> counterpart = idOf(element)
                    .map(names::get)
                    .flatMap(name -> rest.stream()
                            .filter(candidate ->
                                    idOf(candidate).filter(name::equals).isPresent())
                            .findFirst());
            JsonNode partner =
                    counterpart.or(() -> ofTheSameName(element, rest)).orElseGet(() -> firstUnknown(rest));
            rest.remove(partner);
            compare(path + "[" + i + "]", element, partner, differences);
        }
    }

    /** An encrypted name is never written twice, so it tells which new item is which. */
    private static Optional<JsonNode> ofTheSameName(JsonNode element, List<JsonNode> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.path("name").isTextual()
                        && candidate.get("name").equals(element.get("name")))
                .findFirst();
    }

    private JsonNode firstUnknown(List<JsonNode> candidates) {
        return candidates.stream()
                .filter(candidate -> idOf(candidate).filter(taken::contains).isEmpty())
                .findFirst()
                .orElseGet(candidates::getFirst);
    }

    private static Optional<String> idOf(JsonNode element) {
        JsonNode id = element.isTextual() ? element : element.path("id");
        return Optional.ofNullable(id.textValue())
                .filter(text -> ID.matcher(text).matches());
    }

    private void compareText(String path, String recorded, String replayed, List<String> differences) {
        if (DATE.matcher(recorded).matches() && DATE.matcher(replayed).matches()) {
            return;
        }
        if (NAME.matcher(recorded).matches() && NAME.matcher(replayed).matches()) {
            String known = names.putIfAbsent(recorded, replayed);
            taken.add(replayed);
            boolean token = recorded.startsWith("eyJ");
            if (token) {
                names.put(recorded, replayed);
            } else if (known != null && !known.equals(replayed)) {
                differences.add(path + ": " + recorded + " was " + known + " before and is now " + replayed);
            }
            return;
        }
        if (TOTP_SECRET.matcher(recorded).matches()
                && TOTP_SECRET.matcher(replayed).matches()) {
            return;
        }
        List<String> recordedNames = namesIn(recorded);
        List<String> replayedNames = namesIn(replayed);
        if (recordedNames.size() == replayedNames.size() && !recordedNames.isEmpty()) {
            for (int i = 0; i < recordedNames.size(); i++) {
                compareText(path, recordedNames.get(i), replayedNames.get(i), differences);
            }
        }
        String expected = SERVER_TIME.matcher(translate(recorded)).replaceAll("");
        String actual = SERVER_TIME.matcher(replayed).replaceAll("");
        if (!expected.equals(actual)) {
            differences.add(path + ": '" + expected + "' was recorded, '" + actual + "'");
        }
    }

    private static List<String> namesIn(String text) {
        return NAME.matcher(text)
                .results()
                .map(java.util.regex.MatchResult::group)
                .toList();
    }
}
