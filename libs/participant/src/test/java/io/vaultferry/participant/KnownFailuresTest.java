package io.vaultferry.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.vaultferry.bitwarden.crypto.EncString;
import io.vaultferry.bitwarden.crypto.SymmetricKey;
import io.vaultferry.claimcheck.StagedDataDamagedException;
import io.vaultferry.claimcheck.StagingUnavailableException;
import io.vaultferry.contracts.FailureCode;
import io.vaultferry.messaging.StepFailure;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownFailuresTest {

    private final KnownFailures failures = new KnownFailures();

    @Test
    void stagingThatFailsPassesAndStagedDataThatIsDamagedDoesNot() {
        assertThat(codeOf(new StagingUnavailableException("full", new IOException())))
                .contains(FailureCode.STAGING_UNAVAILABLE);
        assertThat(codeOf(new StagedDataDamagedException("altered"))).contains(FailureCode.STAGED_DATA_DAMAGED);
    }

    @Test
    void dataThatDoesNotOpenMeansAnotherKey() {
        EncString encrypted = SymmetricKey.make().encryptText("something");

        Throwable thrown = catchThrowable(() -> SymmetricKey.make().decryptText(encrypted));

        assertThat(codeOf(thrown)).contains(FailureCode.KEY_MISMATCH);
        assertThat(codeOf(catchThrowable(() -> EncString.parse("nonsense")))).contains(FailureCode.KEY_MISMATCH);
    }

    @Test
    void whatItDoesNotKnowIsLeftToOthers() {
        assertThat(codeOf(new IllegalStateException("a defect"))).isEmpty();
        assertThat(codeOf(new IOException("something else's"))).isEmpty();
    }

    private Optional<FailureCode> codeOf(Throwable thrown) {
        return failures.classify(thrown).map(StepFailure::code);
    }
}
