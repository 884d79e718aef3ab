package io.vaultferry.participant.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultferry.messaging.StepFailureException;
import io.vaultferry.participant.journal.SimulatedWorld.Manner;
import io.vaultferry.participant.journal.TargetWrite.Recognition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Runs the writer against a simulated world under a thousand seeds ({@code -Dseeds=N} for more). A failure names its seed;
 * {@code -Dseed=N} runs that one alone.
 */
class EffectivelyOnceSimulationTest {

    private static final int SEEDS = Integer.getInteger("seeds", 1000);
    private static final int MOST_RUNS = 120;
    private static final List<Manner> BAD_MANNERS = List.of(Manner.SWALLOWS, Manner.REFUSES, Manner.BREAKS);

    @Test
    void nothingIsLostAndNothingIsDoubledWhateverCrashes() {
        forEachSeed(
                seed -> new Run(seed, Recognition.BY_UNIQUE_TOKEN).toTheEnd().check());
    }

    @Test
    void objectsThatAreOnlyKnownByNameAreNeitherLostNorDoubledNorTakenFromOthers() {
        forEachSeed(seed -> new Run(seed, Recognition.BY_NAME).toTheEnd().check());
    }

    @Test
    void copiesThatArriveAfterTheTargetSeemedToBeAtRestAreRemoved() {
        forEachSeed(seed -> {
            // Given
            Run run = new Run(seed, Recognition.BY_UNIQUE_TOKEN);
            run.world.effectsMayBeLateBy(SimulatedWorld.IN_FLIGHT.minusSeconds(1));

            // When
            run.toTheEnd();

            // Then
            run.check();
        });
    }

    private static void forEachSeed(java.util.function.LongConsumer run) {
        Long only = Long.getLong("seed");
        for (long seed = only == null ? 1 : only; seed <= (only == null ? SEEDS : only); seed++) {
            try {
                run.accept(seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    /** One world from the first write to the end, with as many processes as crashes want. */
    static final class Run {

        private final SimulatedWorld world;
        private final IntentStore journal;
        private final List<String> sources = new ArrayList<>();
        private final Map<String, Manner> manners = new HashMap<>();
        private final Set<String> othersObjects;
        private final Recognition recognition;
        private final UnitLimits limits;
        private final Random tokens;

        Run(long seed, Recognition recognition) {
            this(seed, recognition, world -> new InMemoryIntentStore(world::now));
        }

        Run(long seed, Recognition recognition, Function<SimulatedWorld, IntentStore> journal) {
            Random random = new Random(seed * 31 + 7);
            int objects = 1 + random.nextInt(40);
            for (int i = 0; i < objects; i++) {
                String source = "source-" + i;
                sources.add(source);
                if (random.nextInt(8) == 0) {
                    manners.put(source, BAD_MANNERS.get(random.nextInt(BAD_MANNERS.size())));
                }
            }
            this.recognition = recognition;
            this.tokens = random;
            this.world = new SimulatedWorld(seed, recognition, manners);
            this.journal = journal.apply(world);
            this.limits = new UnitLimits(1 + random.nextInt(12), 20 + random.nextInt(400));
            for (int i = 0; i < random.nextInt(5); i++) {
                world.store(recognition == Recognition.BY_NAME ? "name-" + i : "iv-" + i, "somebody's-" + i);
            }
            this.othersObjects = new HashSet<>(world.stored().keySet());
        }

        Run toTheEnd() {
            for (int process = 0; process < MOST_RUNS; process++) {
                if (process == MOST_RUNS / 2) {
                    world.heal();
                }
                if (runOnce()) {
                    return this;
                }
                world.sleep(Duration.ofMillis(world.random().nextInt(60_000)));
            }
            // An object that breaks the server may be all that is left; then the server is to blame, rightly.
            assertThat(manners).as("the writer does not come to an end").containsValue(Manner.BREAKS);
            return this;
        }

        private boolean runOnce() {
            EffectivelyOnceWriter writer = new EffectivelyOnceWriter(world.crashing(journal), world.settings());
            try {
                writer.write(plan(), limits, world, SimulatedWorld.context());
                return true;
            } catch (SimulatedWorld.Crash | SimulatedWorld.TargetUnreachable | StepFailureException e) {
                return false;
            }
        }

        /** A process that starts again makes other bytes of the same objects, as encrypting does. */
        private Iterator<PlannedWrite> plan() {
            return sources.stream()
                    .map(source -> {
                        String token = recognition == Recognition.BY_NAME
                                ? "name-" + source.length() % 3
                                : "iv-" + tokens.nextLong();
                        return new PlannedWrite(source, SimulatedWorld.payload(source, token), token);
                    })
                    .iterator();
        }

        void check() {
            Map<String, WriteOutcome> outcomes = new HashMap<>();
            journal.forEachOutcome(outcome -> outcomes.put(outcome.sourceId(), outcome));
            Map<String, Integer> copies = world.copies();
            Set<String> claimed = new HashSet<>();
            for (String source : sources) {
                WriteOutcome outcome = outcomes.get(source);
                switch (manners.getOrDefault(source, Manner.TAKES)) {
                    case TAKES -> {
                        assertThat(copies.get(source))
                                .as("copies of %s", source)
                                .isEqualTo(1);
                        assertThat(outcome.state()).as(source).isEqualTo(IntentState.CREATED);
                        String target = outcome.targetId().orElseThrow();
                        assertThat(claimed.add(target))
                                .as("%s is claimed once", target)
                                .isTrue();
                        if (recognition == Recognition.BY_UNIQUE_TOKEN) {
                            assertThat(world.stored().get(target).sourceId()).isEqualTo(source);
                        } else {
                            assertThat(world.stored()).containsKey(target);
                        }
                    }
                    case SWALLOWS, REFUSES -> {
                        assertThat(copies).doesNotContainKey(source);
                        assertThat(outcome.state()).as(source).isEqualTo(IntentState.REFUSED);
                        assertThat(outcome.reason()).isPresent();
                    }
                    case BREAKS -> {
                        assertThat(copies).doesNotContainKey(source);
                        assertThat(outcome.state()).as(source).isIn(IntentState.REFUSED, IntentState.INTENDED);
                    }
                }
            }
            assertThat(claimed).noneMatch(othersObjects::contains);
            assertThat(world.stored().keySet()).containsAll(othersObjects);
            assertThat(world.stored()).hasSize(othersObjects.size() + claimed.size());
        }
    }
}
