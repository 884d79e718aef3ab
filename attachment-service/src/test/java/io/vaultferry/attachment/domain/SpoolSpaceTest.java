package io.vaultferry.attachment.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vaultferry.contracts.FailureCode;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.messaging.StepStoppedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolSpaceTest {

    private static final long GIBIBYTE = 1L << 30;

    @TempDir
    Path directory;

    private final Lease lease = new Lease(MigrationId.make());

    private SpoolSpace space(long quota) {
        return new SpoolSpace(directory, quota, place -> 1000 * GIBIBYTE);
    }

    private static void assertNoRoom(Throwable thrown, String why) {
        assertThat(thrown).isInstanceOfSatisfying(StepFailureException.class, failure -> {
            assertThat(failure.failure().code()).isEqualTo(FailureCode.STAGING_UNAVAILABLE);
            assertThat(failure.failure().detail()).contains(why);
        });
    }

    @Test
    void fileWaitsUntilAnotherHasLeft() throws Exception {
        // Given
        SpoolSpace space = space(100);
        Spool first = space.open(60, lease);
        CountDownLatch waiting = new CountDownLatch(2);
        Lease other = new Lease(MigrationId.make()).doingAtCheckpoints(waiting::countDown);
        CompletableFuture<Spool> second = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> second.complete(space.open(60, other)));
        assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(second).isNotDone();

        // When
        first.close();

        // Then
        second.get(20, TimeUnit.SECONDS).close();
    }

    @Test
    void fileThatWaitsForRoomIsGivenUpWithTheLease() {
        // Given
        SpoolSpace space = space(100);
        Throwable thrown;
        try (Spool first = space.open(100, lease)) {
            assertThat(first.isOpen()).isTrue();

            // When
            thrown = catchThrowable(() -> space.open(1, new Lease(MigrationId.make()).endingAtCheckpoint(2)));
        }

        // Then
        assertThat(thrown).isInstanceOf(StepStoppedException.class);
        space.open(100, lease).close();
    }

    @Test
    void fileThatNeverFitsDoesNotWait() {
        // When
        Throwable thrown = catchThrowable(() -> space(100).open(101, lease));

        // Then
        assertNoRoom(thrown, "quota");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void fullDiskIsSeenBeforeTheFirstByte() {
        // Given
        SpoolSpace space = new SpoolSpace(directory, 10 * GIBIBYTE, place -> GIBIBYTE);
        Throwable thrown;
        try (Spool first = space.open(GIBIBYTE / 2, lease)) {
            assertThat(first.isOpen()).isTrue();

            // When: the first has written nothing yet, and will.
            thrown = catchThrowable(() -> space.open(GIBIBYTE / 2, lease));
        }

        // Then
        assertNoRoom(thrown, "no room");
        assertThat(directory).isEmptyDirectory();
        space.open(GIBIBYTE / 2, lease).close();
    }

    @Test
    void roomOfASpoolThatCannotBeMadeIsFreeAgain() throws IOException {
        // Given
        Path place = Files.createFile(directory.resolve("spools"));
        SpoolSpace space = new SpoolSpace(place, 100, anywhere -> GIBIBYTE);
        assertNoRoom(catchThrowable(() -> space.open(100, lease)), "the spool");

        // When
        Files.delete(place);

        // Then
        space.open(100, lease).close();
    }

    @Test
    void diskThatFillsUpInTheMiddleIsNotTheServersFault() throws IOException {
        // Given
        AtomicInteger closed = new AtomicInteger();
        SeekableByteChannel full = new FullDisk(Files.newByteChannel(
                directory.resolve("spool"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        try (Spool spool = new Spool(full, GIBIBYTE, closed::incrementAndGet)) {
            spool.write(ByteBuffer.allocate(10));

            // When
            Throwable thrown = catchThrowable(() -> spool.write(ByteBuffer.allocate(10)));

            // Then
            assertNoRoom(thrown, "IOException");
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void spoolTakesNoMoreThanItsRoom() {
        // Given
        try (Spool spool = space(100).open(10, lease)) {
            spool.write(ByteBuffer.allocate(10));

            // When
            Throwable thrown = catchThrowable(() -> spool.write(ByteBuffer.allocate(1)));

            // Then
            assertThat(thrown).isInstanceOf(IllegalStateException.class);
        }
    }

    /** Takes one write. */
    private record FullDisk(SeekableByteChannel file, AtomicInteger writes) implements SeekableByteChannel {

        FullDisk(SeekableByteChannel file) {
            this(file, new AtomicInteger());
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            if (writes.incrementAndGet() > 1) {
                throw new IOException("No space left on device");
            }
            return file.write(source);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return file.read(target);
        }

        @Override
        public long position() throws IOException {
            return file.position();
        }

        @Override
        public SeekableByteChannel position(long newPosition) throws IOException {
            return file.position(newPosition);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            return file.truncate(size);
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
