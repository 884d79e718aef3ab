package io.vaultferry.attachment.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.StepStoppedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutgoingBytesTest {

    private final Lease lease = new Lease(MigrationId.make());

    @Test
    void headerIsNotedInWhateverPiecesItPasses() throws IOException {
        // Given
        byte[] file = new byte[1000];
        new Random(1).nextBytes(file);
        OutgoingBytes one = outgoing(new ByteArrayInputStream(file));
        OutgoingBytes other = outgoing(new ByteArrayInputStream(file));
        file[10] ^= 1;
        OutgoingBytes different = outgoing(new ByteArrayInputStream(file.clone()));
        file[10] ^= 1;

        // When
        one.read();
        one.readNBytes(20);
        one.readAllBytes();
        other.readAllBytes();
        different.readAllBytes();

        // Then
        assertThat(one.header().isSameAs(other.header())).isTrue();
        assertThat(one.header().isSameAs(different.header())).isFalse();
    }

    @Test
    void halfAHeaderIsLikeNoOther() throws IOException {
        // Given
        OutgoingBytes one = outgoing(new ByteArrayInputStream(new byte[48]));
        OutgoingBytes other = outgoing(new ByteArrayInputStream(new byte[48]));

        // When
        one.readAllBytes();
        other.readAllBytes();

        // Then
        assertThat(one.header().isSameAs(other.header())).isFalse();
    }

    @Test
    void nothingIsReadAfterTheLeaseHasEnded() {
        InputStream untouched = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("read although the lease has ended");
            }

            @Override
            public int read(byte[] buffer, int offset, int count) {
                throw new AssertionError("read although the lease has ended");
            }
        };
        lease.end();

        assertThatThrownBy(() -> outgoing(untouched).read()).isInstanceOf(StepStoppedException.class);
    }

    @Test
    void whatASlowSourceGivesAfterTheLeaseHasEndedDoesNotLeave() {
        InputStream slow = new InputStream() {
            @Override
            public int read() {
                return 1;
            }

            @Override
            public int read(byte[] buffer, int offset, int count) {
                lease.end();
                return count;
            }
        };

        assertThatThrownBy(() -> outgoing(slow).read(new byte[10])).isInstanceOf(StepStoppedException.class);
    }

    private OutgoingBytes outgoing(InputStream in) {
        return new OutgoingBytes(in, lease, new Passes(lease, 1000, 2));
    }
}
