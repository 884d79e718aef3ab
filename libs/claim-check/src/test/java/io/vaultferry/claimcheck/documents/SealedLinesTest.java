package io.vaultferry.claimcheck.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vaultferry.claimcheck.ClaimCheckStore;
import io.vaultferry.claimcheck.DirectoryStore;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingKey;
import io.vaultferry.contracts.ClaimCheck;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.contracts.ObjectKind;
import io.vaultferry.contracts.Outcome;
import io.vaultferry.contracts.ReasonCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedLinesTest {

    @TempDir
    private Path directory;

    private final MigrationId migration = MigrationId.make();
    private final StagingKey key = StagingKey.make();
    private ClaimCheckStore store;

    @BeforeEach
    void open() {
        store = DirectoryStore.at(directory);
    }

    @Test
    void outcomesComeBackInTheirOrder() {
        List<ObjectOutcome> outcomes = List.of(
                ObjectOutcome.moved(ObjectKind.ITEM, "source-1", "target-1"),
                ObjectOutcome.moved(ObjectKind.MEMBER, "source-2", "target-2", ReasonCode.STILL_INVITED),
                ObjectOutcome.skipped(ObjectKind.POLICY, "8", ReasonCode.UNSUPPORTED_BY_TARGET),
                ObjectOutcome.quarantined(ObjectKind.ATTACHMENT, "a1b2", ReasonCode.FILE_DAMAGED_AT_SOURCE));

        ClaimCheck check = OutcomeWriter.write(store, key, migration, sink -> addAll(outcomes, sink));

        assertThat(outcomesOf(check, key, migration)).isEqualTo(outcomes);
    }

    @Test
    void reconciliationsComeBackInTheirOrder() {
        List<ReconciliationLine> lines = List.of(
                new ReconciliationLine(
                        ObjectKind.ITEM,
                        Optional.of("source-1"),
                        Optional.of("target-1"),
                        Outcome.MOVED,
                        Optional.empty(),
                        Verdict.EQUAL),
                new ReconciliationLine(
                        ObjectKind.ITEM,
                        Optional.empty(),
                        Optional.of("target-2"),
                        Outcome.SKIPPED,
                        Optional.of(ReasonCode.UNEXPECTED_IN_TARGET),
                        Verdict.UNEXPECTED));

        ClaimCheck check = ReconciliationWriter.write(store, key, migration, sink -> addAll(lines, sink));

        try (ReconciliationReader reader = ReconciliationReader.open(store, key, migration, check)) {
            List<ReconciliationLine> read = new ArrayList<>();
            reader.forEachRemaining(read::add);
            assertThat(read).isEqualTo(lines);
        }
    }

    /** Must never break: a document that one service wrote is read by another one that may be older. */
    @Test
    void theFormatOfOutcomesStays() throws IOException {
        ClaimCheck check = OutcomeWriter.write(
                store,
                key,
                migration,
                sink -> addAll(
                        List.of(
                                ObjectOutcome.moved(ObjectKind.ITEM, "source-1", "target-1"),
                                ObjectOutcome.skipped(ObjectKind.ITEM, "source-2", ReasonCode.LEFT_OUT_BY_OPTION)),
                        sink));

        String text;
        try (InputStream in = key.opening(store.get(check), "document|" + migration + "|outcomes.v1")) {
            text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }

        assertThat(text).isEqualTo("""
                        {"document":"outcomes","version":1}
                        {"kind":"ITEM","sourceId":"source-1","targetId":"target-1","outcome":"MOVED"}
                        {"kind":"ITEM","sourceId":"source-2","outcome":"SKIPPED","reason":"LEFT_OUT_BY_OPTION"}
                        """);
    }

    @Test
    void anEmptyDocumentIsADocument() {
        ClaimCheck check = OutcomeWriter.write(store, key, migration, sink -> {});

        assertThat(outcomesOf(check, key, migration)).isEmpty();
    }

    @Test
    void linesOfEveryLengthComeBack() {
        // Given: ends of lines before, at and behind every end of a buffer
        SealedLines<String> document = new SealedLines<>("texts", 1, String.class, new ObjectMapper());
        List<String> texts = IntStream.concat(
                        IntStream.rangeClosed(0, 40), IntStream.of(65_000, 65_533, 65_534, 65_535, 65_536, 300_000, 1))
                .mapToObj("x"::repeat)
                .toList();

        // When
        ClaimCheck check = document.write(store, key, migration, sink -> addAll(texts, sink));

        // Then
        List<String> read = new ArrayList<>();
        try (SealedLines.Lines<String> lines = document.open(store, key, migration, check)) {
            lines.forEachRemaining(read::add);
        }
        assertThat(read).isEqualTo(texts);
    }

    @Test
    void largeDocumentsAreWrittenAndReadInConstantMemory() {
        int lines = 200_000;
        ClaimCheck check = OutcomeWriter.write(store, key, migration, sink -> {
            for (int i = 0; i < lines; i++) {
                sink.add(ObjectOutcome.moved(ObjectKind.ITEM, "source-" + i, "target-" + i));
            }
        });

        int read = 0;
        try (OutcomeReader reader = OutcomeReader.open(store, key, migration, check)) {
            while (reader.hasNext()) {
                assertThat(reader.next().sourceId()).isEqualTo("source-" + read);
                read++;
            }
        }
        assertThat(read).isEqualTo(lines);
    }

    @Test
    void aDocumentOfAnotherMigrationIsRefusedEvenUnderTheSameKey() {
        ClaimCheck check = OutcomeWriter.write(store, key, migration, sink -> {});

        assertThatThrownBy(() -> outcomesOf(check, key, MigrationId.make()))
                .isInstanceOf(StagedDataDamagedException.class);
    }

    @Test
    void aDocumentUnderAnotherKeyIsRefused() {
        ClaimCheck check = OutcomeWriter.write(store, key, migration, sink -> {});

        assertThatThrownBy(() -> outcomesOf(check, StagingKey.make(), migration))
                .isInstanceOf(StagedDataDamagedException.class);
    }

    @Test
    void aDocumentOfAnotherKindIsRefused() {
        ClaimCheck check = OutcomeWriter.write(store, key, migration, sink -> {});

        assertThatThrownBy(() -> ReconciliationReader.open(store, key, migration, check))
                .isInstanceOf(StagedDataDamagedException.class);
    }

    @Test
    void aDocumentOfAnotherVersionIsRefused() {
        SealedLines<Object> next = new SealedLines<>("outcomes", 2, Object.class, new ObjectMapper());
        ClaimCheck check = next.write(store, key, migration, sink -> {});

        assertThatThrownBy(() -> outcomesOf(check, key, migration)).isInstanceOf(StagedDataDamagedException.class);
    }

    @Test
    void aLineThatIsNoOutcomeIsRefusedWithoutBeingRepeated() {
        SealedLines<Object> forged = new SealedLines<>("outcomes", 1, Object.class, new ObjectMapper());
        for (Object line : List.of(
                Map.of("kind", "ITEM"),
                Map.of("kind", "SECRET", "sourceId", "a", "outcome", "MOVED"),
                Map.of("kind", "ITEM", "sourceId", "someone@example.com", "outcome", "MOVED"),
                List.of("SECRET"))) {
            ClaimCheck check = forged.write(store, key, migration, sink -> sink.add(line));

            assertThatThrownBy(() -> outcomesOf(check, key, migration))
                    .isInstanceOf(StagedDataDamagedException.class)
                    .hasNoCause()
                    .hasMessageNotContaining("SECRET")
                    .hasMessageNotContaining("someone");
        }
    }

    @Test
    void aFailingSourceLeavesNoDocument() throws IOException {
        assertThatThrownBy(() -> OutcomeWriter.write(store, key, migration, sink -> {
                    sink.add(ObjectOutcome.moved(ObjectKind.ITEM, "a", "b"));
                    throw new IllegalStateException("halted");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("halted");

        try (var files = Files.list(directory.resolve(migration.toString()))) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void namesAndAddressesAndEncryptedStringsAreNoIds() {
        for (String text : List.of("someone@example.com", "My login", "2.aGk=|aGk=|aGk=", "", "-x", "x".repeat(129))) {
            assertThatThrownBy(() -> ObjectOutcome.moved(ObjectKind.ITEM, text, "target"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("not an object's id");
            assertThatThrownBy(() -> ObjectOutcome.moved(ObjectKind.ITEM, "source", text))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void whatWasNotMovedNeedsAReason() {
        assertThatThrownBy(() -> new ObjectOutcome(
                        ObjectKind.ITEM, "source", Optional.empty(), Outcome.SKIPPED, Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private List<ObjectOutcome> outcomesOf(ClaimCheck check, StagingKey with, MigrationId of) {
        try (OutcomeReader reader = OutcomeReader.open(store, with, of, check)) {
            List<ObjectOutcome> outcomes = new ArrayList<>();
            reader.forEachRemaining(outcomes::add);
            return outcomes;
        }
    }

    private static <T> void addAll(List<T> lines, SealedLines.Sink<T> sink) throws IOException {
        for (T line : lines) {
            sink.add(line);
        }
    }
}
