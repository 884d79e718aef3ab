package io.vaultferry.e2e.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.contracts.FailureCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What documents say about the code that can be checked. */
class DocumentsTest {

    private static final Repository REPOSITORY = Repository.here();
    private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern OPTION = Pattern.compile("`?\\./ferry[^`\\n]*?(--[a-z-]+)|`(--[a-z-]+)[^`]*`");
    private static final Pattern METRIC = Pattern.compile("\\bvaultferry_[a-z_]+");

    @Test
    void everyLinkLeadsSomewhere() {
        // Given
        Set<String> broken = new TreeSet<>();
        int links = 0;

        // When
        for (Path document : REPOSITORY.files("", name -> name.endsWith(".md"))) {
            Matcher link = LINK.matcher(Repository.read(document));
            while (link.find()) {
                String target = link.group(1);
                if (!target.contains("://") && !target.startsWith("mailto:")) {
                    links++;
                    if (!Files.exists(document.resolveSibling(target).normalize())) {
                        broken.add(REPOSITORY.path("").relativize(document) + " -> " + target);
                    }
                }
            }
        }

        // Then
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(10);
    }

    @ParameterizedTest
    @EnumSource
    void theRunbookSaysWhatToDoAboutEveryFailure(FailureCode code) {
        assertThat(REPOSITORY.text("docs/runbook.md")).contains("`" + code + "`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/runbook.md"})
    void optionsOfFerryAreItsOwn(String document) {
        // Given
        String usage = REPOSITORY.text("ferry");
        Set<String> ofOthers = Set.of("--profile", "--scale", "--build");

        // When
        Set<String> named = new TreeSet<>();
        Matcher option = OPTION.matcher(REPOSITORY.text(document));
        while (option.find()) {
            named.add(option.group(1) == null ? option.group(2) : option.group(1));
        }
        named.removeAll(ofOthers);

        // Then
        assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(usage).contains(name));
    }

    @Test
    void theAlarmsOfTheRunbookAreOnMetricsThatExist() {
        // Given
        Set<String> named = new TreeSet<>();
        Matcher metric = METRIC.matcher(REPOSITORY.text("docs/runbook.md"));
        while (metric.find()) {
            named.add(metric.group());
        }

        // Then
        assertThat(named).isNotEmpty();
        assertThat(RegisteredMetrics.in(REPOSITORY)).containsAll(named);
    }

    @Test
    void everyDecisionIsListed() {
        // Given
        String list = REPOSITORY.text("docs/adr/README.md");

        // Then
        assertThat(REPOSITORY.files("docs/adr", name -> name.matches("\\d{4}-.*\\.md")))
                .isNotEmpty()
                .allSatisfy(page ->
                        assertThat(list).contains("(" + page.getFileName().toString() + ")"));
    }
}
