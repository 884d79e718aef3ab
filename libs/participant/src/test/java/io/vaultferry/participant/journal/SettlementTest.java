package io.vaultferry.participant.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.contracts.ReasonCode;
import io.vaultferry.participant.journal.TargetWrite.Recognition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SettlementTest {

    private static final Instant SENT_AT = Instant.parse("2026-11-23T12:00:00Z");
    private static final Optional<Instant> NOTHING_WENT_THROUGH = Optional.empty();
    private static final Optional<Instant> OTHERS_WENT_THROUGH = Optional.of(SENT_AT.plusSeconds(1));

    @Nested
    class WhatIsThere {

        @Test
        void isCreatedWhateverTheAnswerWas() {
            for (IntentState state : List.of(IntentState.SENT, IntentState.ACCEPTED, IntentState.REJECTED)) {
                OpenWrite write = write("a", state, 10, 0);

                Settlement settlement = settle(List.of(write), List.of(listed("a", "target")));

                assertThat(settlement.verdicts()).containsEntry(write.id(), new Verdict.Created("target"));
                assertThat(settlement.surplus()).isEmpty();
            }
        }

        @Test
        void twiceIsTheOlderOneAndACopy() {
            OpenWrite write = write("a", IntentState.SENT, 1, 0);

            Settlement settlement = settle(List.of(write), List.of(listed("a", "younger", 5), listed("a", "older", 4)));

            assertThat(settlement.verdicts()).containsEntry(write.id(), new Verdict.Created("older"));
            assertThat(settlement.surplus()).containsExactly("younger");
        }

        @Test
        void staysWhatItWasWhenACopyArrivesThatSeemsOlder() {
            OpenWrite known = created("a", "known");

            Settlement settlement = settle(List.of(known), List.of(listed("a", "known", 5), listed("a", "late", 1)));

            assertThat(settlement.verdicts()).isEmpty();
            assertThat(settlement.surplus()).containsExactly("late");
        }

        @Test
        void twiceByNameIsNotOursToRemove() {
            OpenWrite write = write("name", IntentState.SENT, 1, 0);

            Settlement settlement = Settlement.of(
                    List.of(write),
                    listing(List.of(write), List.of(listed("name", "one"), listed("name", "two"))),
                    Recognition.BY_NAME,
                    NOTHING_WENT_THROUGH,
                    true);

            assertThat(settlement.surplus()).isEmpty();
            assertThat(settlement.ambiguous()).hasSize(1);
        }

        @Test
        void byNameIsNotWhatWasThereBefore() {
            OpenWrite write = new OpenWrite(
                    UUID.randomUUID(),
                    "source",
                    "name",
                    Set.of("somebody's"),
                    IntentState.ACCEPTED,
                    Optional.empty(),
                    Optional.empty(),
                    1,
                    0,
                    SENT_AT,
                    SENT_AT,
                    Duration.ZERO);

            Settlement settlement = Settlement.of(
                    List.of(write),
                    listing(List.of(write), List.of(listed("name", "somebody's"))),
                    Recognition.BY_NAME,
                    NOTHING_WENT_THROUGH,
                    true);

            assertThat(settlement.verdicts())
                    .containsEntry(write.id(), new Verdict.Refused(ReasonCode.NOT_FOUND_AFTER_IMPORT));
            assertThat(settlement.ambiguous()).isEmpty();
        }

        @Test
        void byNameIsNotWhatAnotherWriteCreated() {
            OpenWrite first = created("name", "first");
            OpenWrite second = write("name", IntentState.SENT, 1, 0);

            Settlement settlement = Settlement.of(
                    List.of(first, second),
                    listing(List.of(first, second), List.of(listed("name", "first"), listed("name", "second"))),
                    Recognition.BY_NAME,
                    NOTHING_WENT_THROUGH,
                    true);

            assertThat(settlement.verdicts())
                    .containsOnly(java.util.Map.entry(second.id(), new Verdict.Created("second")));
        }
    }

    @Nested
    class WhatIsMissing {

        @Test
        void afterAnAnswerToManyIsSentInHalf() {
            assertThat(verdict(write("a", IntentState.ACCEPTED, 9, 0), NOTHING_WENT_THROUGH, true))
                    .isEqualTo(new Verdict.SendAgain(4, false, false));
            assertThat(verdict(write("a", IntentState.REJECTED, 2, 0), NOTHING_WENT_THROUGH, true))
                    .isEqualTo(new Verdict.SendAgain(1, false, false));
        }

        @Test
        void afterYesAloneIsRefused() {
            assertThat(verdict(write("a", IntentState.ACCEPTED, 1, 0), NOTHING_WENT_THROUGH, true))
                    .isEqualTo(new Verdict.Refused(ReasonCode.NOT_FOUND_AFTER_IMPORT));
        }

        @Test
        void afterNoAloneIsRefusedForTheStatedReason() {
            assertThat(verdict(write("a", IntentState.REJECTED, 1, 0), NOTHING_WENT_THROUGH, true))
                    .isEqualTo(new Verdict.Refused(ReasonCode.FIELD_TOO_LONG));
        }

        @Test
        void withoutAnAnswerIsSentAgainAndWatchedForLateCopies() {
            assertThat(verdict(write("a", IntentState.SENT, 10, 0), OTHERS_WENT_THROUGH, true))
                    .isEqualTo(new Verdict.SendAgain(5, true, false));
            assertThat(verdict(write("a", IntentState.SENT, 1, 0), OTHERS_WENT_THROUGH, true))
                    .isEqualTo(new Verdict.SendAgain(1, true, true));
        }

        @Test
        void aloneAgainAndAgainIsRefusedOnlyWhenOthersWentThrough() {
            OpenWrite failing = write("a", IntentState.SENT, 1, Settlement.PATIENCE - 1);

            assertThat(verdict(failing, OTHERS_WENT_THROUGH, true))
                    .isEqualTo(new Verdict.Refused(ReasonCode.REFUSED_BY_TARGET));
            assertThat(verdict(failing, NOTHING_WENT_THROUGH, true)).isEqualTo(new Verdict.SendAgain(1, true, true));
            assertThat(verdict(failing, Optional.of(SENT_AT.minusSeconds(1)), true))
                    .as("others went through before it failed")
                    .isEqualTo(new Verdict.SendAgain(1, true, true));
        }

        @Test
        void becauseAProcessDiedSaysNothingAgainstTheObject() {
            OpenWrite failing = write("a", IntentState.SENT, 1, Settlement.PATIENCE - 1);

            assertThat(verdict(failing, OTHERS_WENT_THROUGH, false)).isEqualTo(new Verdict.SendAgain(1, true, false));
        }

        @Test
        void thoughItWasCreatedIsLeftToTheComparison() {
            assertThat(settle(List.of(created("a", "target")), List.of()).verdicts())
                    .isEmpty();
        }

        private Verdict verdict(OpenWrite write, Optional<Instant> lastSuccess, boolean ownCalls) {
            return Settlement.of(
                            List.of(write),
                            listing(List.of(write), List.of()),
                            Recognition.BY_UNIQUE_TOKEN,
                            lastSuccess,
                            ownCalls)
                    .verdicts()
                    .get(write.id());
        }
    }

    private static Settlement settle(List<OpenWrite> writes, List<Listed> listed) {
        return Settlement.of(writes, listing(writes, listed), Recognition.BY_UNIQUE_TOKEN, NOTHING_WENT_THROUGH, true);
    }

    private static TargetListing listing(List<OpenWrite> about, List<Listed> listed) {
        TargetWrite target = new TargetWrite() {
            @Override
            public Recognition recognizedBy() {
                return Recognition.BY_UNIQUE_TOKEN;
            }

            @Override
            public WriteAnswer send(List<Intent> unit) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void list(List<UnsettledWrite> unsettled, Consumer<Listed> found) {
                listed.forEach(found);
            }

            @Override
            public void remove(List<String> surplusTargetIds) {
                throw new UnsupportedOperationException();
            }
        };
        return TargetListing.take(target, about, token -> token);
    }

    private static Listed listed(String token, String targetId) {
        return new Listed(token, targetId, Optional.empty(), "");
    }

    private static Listed listed(String token, String targetId, int second) {
        return new Listed(token, targetId, Optional.of(SENT_AT.plusSeconds(second)), "");
    }

    private static OpenWrite write(String token, IntentState state, int unitSize, int loneFailures) {
        return new OpenWrite(
                UUID.randomUUID(),
                "source of " + token,
                token,
                Set.of(),
                state,
                Optional.empty(),
                state == IntentState.REJECTED ? Optional.of(ReasonCode.FIELD_TOO_LONG) : Optional.empty(),
                unitSize,
                loneFailures,
                SENT_AT,
                SENT_AT,
                Duration.ZERO);
    }

    private static OpenWrite created(String token, String targetId) {
        return new OpenWrite(
                UUID.randomUUID(),
                "source of " + targetId,
                token,
                Set.of(),
                IntentState.CREATED,
                Optional.of(targetId),
                Optional.empty(),
                1,
                0,
                SENT_AT,
                SENT_AT,
                Duration.ZERO);
    }
}
