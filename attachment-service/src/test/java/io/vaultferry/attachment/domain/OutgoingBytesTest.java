package io.vaultferry.attachment.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.StepStoppedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class OutgoingBytesTest {

    private final Lease lease = new Lease(MigrationId.make());

    @Test
    void whatPassesIsHashed() throws IOException {
        OutgoingBytes bytes = new OutgoingBytes(new ByteArrayInputStream(new byte[] {'a', 'b', 'c'}), lease);

        assertThat(bytes.read()).isEqualTo('a');
        assertThat(bytes.readAllBytes()).containsExactly('b', 'c');

        // printf abc | sha256sum
        assertThat(HexFormat.of().formatHex(bytes.sha256OfAll()))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
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

        assertThatThrownBy(() -> new OutgoingBytes(untouched, lease).read()).isInstanceOf(StepStoppedException.class);
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

        assertThatThrownBy(() -> new OutgoingBytes(slow, lease).read(new byte[10]))
                .isInstanceOf(StepStoppedException.class);
    }
}
