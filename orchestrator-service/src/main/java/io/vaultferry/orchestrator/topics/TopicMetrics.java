package io.vaultferry.orchestrator.topics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.vaultferry.contracts.Topics;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** The lag of topics and who is there to work it off, for Prometheus. */
@ApplicationScoped
class TopicMetrics {

    private static final Logger LOG = Logger.getLogger(TopicMetrics.class);

    private final TopicLag lag;
    private final MultiGauge lags;
    private final MultiGauge ends;
    private final MultiGauge committed;
    private final MultiGauge deadLetters;
    private final MultiGauge members;

    TopicMetrics(TopicLag lag, MeterRegistry meters) {
        this.lag = lag;
        this.lags = MultiGauge.builder("kafka.consumergroup.lag")
                .description("Records that a group has still to handle")
                .register(meters);
        this.ends = MultiGauge.builder("kafka.topic.partition.end.offset")
                .description("The offset that the next record gets")
                .register(meters);
        this.committed = MultiGauge.builder("kafka.consumergroup.committed.offset")
                .description("The offset that a group goes on from")
                .register(meters);
        this.deadLetters = MultiGauge.builder("vaultferry.dead.letters.held")
                .description("Dead letters that the broker holds")
                .register(meters);
        this.members = MultiGauge.builder("kafka.consumergroup.members")
                .description("Consumers that a group has")
                .register(meters);
    }

    @Scheduled(every = "${vaultferry.topics.interval:10s}", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void measure() {
        List<TopicView> topics;
        List<Row<?>> memberRows = new ArrayList<>();
        try {
            topics = lag.measure();
            lag.memberCounts()
                    .forEach((group, count) -> memberRows.add(Row.of(Tags.of("consumergroup", group), count)));
        } catch (TopicLag.BrokerUnavailableException e) {
            LOG.debug("the lag of topics cannot be measured now");
            return;
        }
        List<Row<?>> lagRows = new ArrayList<>();
        List<Row<?>> endRows = new ArrayList<>();
        List<Row<?>> committedRows = new ArrayList<>();
        List<Row<?>> deadRows = new ArrayList<>();
        for (TopicView topic : topics) {
            if (Topics.ALL.stream().map(Topics::deadLettersOf).anyMatch(topic.topic()::equals)) {
                deadRows.add(Row.of(Tags.of("topic", topic.topic()), topic.records()));
            }
            topic.partitions()
                    .forEach(partition -> endRows.add(Row.of(
                            Tags.of("topic", topic.topic(), "partition", Integer.toString(partition.partition())),
                            partition.endOffset())));
            topic.groups()
                    .forEach(group -> group.partitions().forEach(partition -> {
                        Tags tags = Tags.of(
                                "topic",
                                topic.topic(),
                                "partition",
                                Integer.toString(partition.partition()),
                                "consumergroup",
                                group.group());
                        lagRows.add(Row.of(tags, partition.lag()));
                        if (partition.committedOffset() != null) {
                            committedRows.add(Row.of(tags, partition.committedOffset()));
                        }
                    }));
        }
        lags.register(lagRows, true);
        ends.register(endRows, true);
        committed.register(committedRows, true);
        deadLetters.register(deadRows, true);
        members.register(memberRows, true);
    }
}
