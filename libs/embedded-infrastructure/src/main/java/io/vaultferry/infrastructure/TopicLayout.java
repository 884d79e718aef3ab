package io.vaultferry.infrastructure;

import io.vaultferry.contracts.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** Partitions and retention of every topic, for a single broker. */
public final class TopicLayout {

    private static final int PARTITIONS = 4;

    /** As many attachment-service consumers as this can share the work. */
    private static final int WORK_PARTITIONS = 24;

    private static final int DEAD_LETTER_PARTITIONS = 1;

    /** Long enough for a machine that is switched off in the middle of a migration. Messages are small. */
    private static final Duration RETENTION = Duration.ofDays(90);

    private TopicLayout() {}

    /** Every topic of {@link Topics}, and the dead-letter topic of each. */
    public static List<NewTopic> all() {
        return Topics.ALL.stream()
                .flatMap(name -> Stream.of(
                        topic(name, name.equals(Topics.ATTACHMENT_WORK) ? WORK_PARTITIONS : PARTITIONS),
                        topic(Topics.deadLettersOf(name), DEAD_LETTER_PARTITIONS)))
                .toList();
    }

    private static NewTopic topic(String name, int partitions) {
        return new NewTopic(name, Optional.of(partitions), Optional.of((short) 1))
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, Long.toString(RETENTION.toMillis())));
    }
}
