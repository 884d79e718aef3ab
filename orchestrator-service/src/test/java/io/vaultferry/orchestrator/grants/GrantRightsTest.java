package io.vaultferry.orchestrator.grants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantRightsTest {

    @ParameterizedTest
    @CsvSource({
        "EXPORT,     SOURCE, true,  false",
        "EXPORT,     TARGET, true,  false",
        "IMPORT,     SOURCE, false, false",
        "IMPORT,     TARGET, true,  true",
        "IDENTITY,   SOURCE, false, false",
        "IDENTITY,   TARGET, true,  false",
        "ATTACHMENT, SOURCE, true,  false",
        "ATTACHMENT, TARGET, true,  false",
    })
    void eachParticipantHasWhatItNeeds(Participant participant, Side side, boolean token, boolean newOrganization) {
        assertThat(GrantRights.of(participant, side)).isEqualTo(new GrantRights(token, newOrganization));
    }

    @Test
    void orchestratorIsGrantedNothing() {
        assertThatThrownBy(() -> GrantRights.of(Participant.ORCHESTRATOR, Side.SOURCE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
