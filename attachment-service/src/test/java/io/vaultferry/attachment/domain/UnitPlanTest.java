package io.vaultferry.attachment.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.bitwarden.client.AttachmentId;
import io.vaultferry.bitwarden.client.ItemId;
import io.vaultferry.participant.documents.ManifestFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class UnitPlanTest {

    private static final long LARGE = 1000;

    @Test
    void smallFilesShareAUnitUntilTheyAreTooMany() {
        assertThat(sizes(3, LongStream.range(0, 7).map(i -> 10).toArray()))
                .containsExactly(List.of(10L, 10L, 10L), List.of(10L, 10L, 10L), List.of(10L));
    }

    @Test
    void smallFilesShareAUnitUntilTheyAreAsLargeAsALargeOne() {
        assertThat(sizes(64, 400, 600, 1, 999, 2)).containsExactly(List.of(400L, 600L), List.of(1L, 999L), List.of(2L));
    }

    @Test
    void aLargeFileIsAUnitOfItsOwn() {
        assertThat(sizes(64, 1, 1000, 2, 5000, 5001, 3))
                .containsExactly(List.of(1L), List.of(1000L), List.of(2L), List.of(5000L), List.of(5001L), List.of(3L));
    }

    @Test
    void emptyFilesCountByTheirNumber() {
        assertThat(sizes(2, 0, 0, 0)).containsExactly(List.of(0L, 0L), List.of(0L));
    }

    @Test
    void sizesThatAHostileServerMakesUpDoNoHarm() {
        assertThat(sizes(64, Long.MAX_VALUE, -1, Long.MIN_VALUE, 10, Long.MAX_VALUE, 5))
                .containsExactly(
                        List.of(Long.MAX_VALUE),
                        List.of(-1L, Long.MIN_VALUE, 10L),
                        List.of(Long.MAX_VALUE),
                        List.of(5L));
    }

    @Test
    void nothingToMoveIsNoUnit() {
        assertThat(sizes(64)).isEmpty();
    }

    @Test
    void everyFileIsInOneUnitAndTheOrderStays() {
        long[] all = LongStream.range(0, 500).map(i -> (i * 7919) % 1300).toArray();

        List<List<Long>> units = sizes(5, all);

        assertThat(units.stream().flatMap(List::stream).toList())
                .isEqualTo(Arrays.stream(all).boxed().toList());
        assertThat(units).allSatisfy(unit -> {
            assertThat(unit).hasSizeBetween(1, 5);
            if (unit.size() > 1) {
                assertThat(unit.stream().mapToLong(Long::longValue).sum()).isLessThanOrEqualTo(LARGE);
            }
        });
    }

    private static List<List<Long>> sizes(int mostFiles, long... sizes) {
        List<List<Long>> units = new ArrayList<>();
        new UnitPlan(Arrays.stream(sizes).mapToObj(UnitPlanTest::file).iterator(), mostFiles, LARGE)
                .forEachRemaining(
                        unit -> units.add(unit.stream().map(ManifestFile::size).toList()));
        return units;
    }

    private static ManifestFile file(long size) {
        return new ManifestFile(
                new ItemId("item"),
                new AttachmentId("file"),
                new ItemId("target"),
                size,
                Optional.empty(),
                Optional.empty(),
                "name",
                Optional.empty());
    }
}
