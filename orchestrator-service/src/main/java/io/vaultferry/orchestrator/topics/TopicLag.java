package io.vaultferry.orchestrator.topics;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.common.annotation.Identifier;
import io.vaultferry.contracts.Participant;
import io.vaultferry.contracts.Topics;
import io.vaultferry.orchestrator.topics.TopicView.GroupPartitionView;
import io.vaultferry.orchestrator.topics.TopicView.GroupView;
import io.vaultferry.orchestrator.topics.TopicView.MemberView;
import io.vaultferry.orchestrator.topics.TopicView.PartitionView;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Asks the broker about topics. Lag is measured there: end offset minus committed offset. Unlike a consumer's own metric it is there and right when
 * no consumer is alive, which is when an operator needs it.
 */
@ApplicationScoped
class TopicLag {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Admin admin;

    TopicLag(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
        Map<String, Object> configuration = new HashMap<>();
        kafka.forEach((name, value) -> {
            if (AdminClientConfig.configNames().contains(name)) {
                configuration.put(name, value);
            }
        });
        configuration.put(AdminClientConfig.CLIENT_ID_CONFIG, "orchestrator-service-topics");
        configuration.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        configuration.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PATIENCE.toMillis());
        this.admin = Admin.create(configuration);
    }

    void stop(@Observes ShutdownEvent event) {
        admin.close(Duration.ofSeconds(1));
    }

    /**
     * Every topic of Vaultferry that the broker has.
     *
     * @throws BrokerUnavailableException when the broker does not answer
     */
    List<TopicView> measure() {
        List<TopicDescription> topics = describe();
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        Map<TopicPartition, ListOffsetsResultInfo> begins = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(partitions, OffsetSpec.latest());
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed = committed();
        Map<String, Collection<MemberDescription>> members = members();
        return topics.stream()
                .map(topic -> view(
                        topic.name(),
                        partitions.stream()
                                .filter(partition -> partition.topic().equals(topic.name()))
                                .map(partition -> new PartitionView(
                                        partition.partition(),
                                        begins.get(partition).offset(),
                                        ends.get(partition).offset()))
                                .toList(),
                        committed,
                        members))
                .toList();
    }

    /**
     * How many consumers each group has now; 0 for one that the broker has never seen.
     *
     * @throws BrokerUnavailableException when the broker does not answer
     */
    Map<String, Integer> memberCounts() {
        List<String> groups = Arrays.stream(Participant.values())
                .map(Participant::serviceName)
                .toList();
        Map<String, Integer> counts = new TreeMap<>();
        admin.describeConsumerGroups(groups)
                .describedGroups()
                .forEach((group, described) -> counts.put(group, membersOf(described)));
        return counts;
    }

    private static int membersOf(KafkaFuture<ConsumerGroupDescription> described) {
        try {
            return await(described).members().size();
        } catch (BrokerUnavailableException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    /**
     * Creates the topics that the broker does not have.
     *
     * @throws BrokerUnavailableException when the broker does not answer
     */
    void create(List<NewTopic> topics) {
        Set<String> known = await(admin.listTopics().names());
        List<NewTopic> missing =
                topics.stream().filter(topic -> !known.contains(topic.name())).toList();
        admin.createTopics(missing).values().forEach((name, created) -> {
            try {
                await(created);
            } catch (BrokerUnavailableException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        });
    }

    private static TopicView view(
            String topic,
            List<PartitionView> partitions,
            Map<String, Map<TopicPartition, OffsetAndMetadata>> committed,
            Map<String, Collection<MemberDescription>> members) {
        List<GroupView> groups = new ArrayList<>();
        committed.forEach((group, offsets) -> {
            boolean knows = partitions.stream()
                    .anyMatch(partition -> offsets.get(new TopicPartition(topic, partition.partition())) != null);
            if (knows || consumerOf(topic).equals(Optional.of(group))) {
                groups.add(group(group, topic, partitions, offsets, members.getOrDefault(group, List.of())));
            }
        });
        return new TopicView(
                topic,
                partitions.stream()
                        .mapToLong(partition -> partition.endOffset() - partition.beginOffset())
                        .sum(),
                groups.stream().mapToLong(GroupView::lag).sum(),
                partitions,
                groups,
                null);
    }

    private static GroupView group(
            String group,
            String topic,
            List<PartitionView> partitions,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Collection<MemberDescription> members) {
        List<GroupPartitionView> views = partitions.stream()
                .map(partition -> {
                    OffsetAndMetadata offset = offsets.get(new TopicPartition(topic, partition.partition()));
                    // A group without an offset begins at the oldest record; one that retention overtook does too.
                    long next = offset == null
                            ? partition.beginOffset()
                            : Math.max(offset.offset(), partition.beginOffset());
                    return new GroupPartitionView(
                            partition.partition(),
                            offset == null ? null : offset.offset(),
                            Math.max(0, partition.endOffset() - next));
                })
                .toList();
        return new GroupView(
                group, views.stream().mapToLong(GroupPartitionView::lag).sum(), readers(topic, members), views);
    }

    /** The members that read a topic: a group of several topics has members that read others. */
    private static List<MemberView> readers(String topic, Collection<MemberDescription> members) {
        return members.stream()
                .map(member -> new MemberView(
                        member.consumerId(),
                        member.host(),
                        member.assignment().topicPartitions().stream()
                                .filter(partition -> partition.topic().equals(topic))
                                .map(TopicPartition::partition)
                                .sorted()
                                .toList()))
                .filter(member -> !member.partitions().isEmpty())
                .sorted(Comparator.comparing(MemberView::id))
                .toList();
    }

    /** The group that is to read a topic; nobody reads dead letters. */
    static Optional<String> consumerOf(String topic) {
        return Arrays.stream(Participant.values())
                .filter(participant -> switch (participant) {
                    case ORCHESTRATOR -> topic.equals(Topics.MIGRATION_EVENTS);
                    case ATTACHMENT -> topic.equals(Topics.ATTACHMENT_COMMANDS) || topic.equals(Topics.ATTACHMENT_WORK);
                    case EXPORT, IMPORT, IDENTITY -> topic.equals(Topics.commandsOf(participant));
                })
                .map(Participant::serviceName)
                .findFirst();
    }

    static List<String> topicNames() {
        return Topics.ALL.stream()
                .flatMap(topic -> Stream.of(topic, Topics.deadLettersOf(topic)))
                .toList();
    }

    private List<TopicDescription> describe() {
        Map<String, KafkaFuture<TopicDescription>> described = admin.describeTopics(
                        topicNames(), new DescribeTopicsOptions().timeoutMs((int) PATIENCE.toMillis()))
                .topicNameValues();
        List<TopicDescription> topics = new ArrayList<>();
        for (String topic : topicNames()) {
            try {
                topics.add(await(described.get(topic)));
            } catch (BrokerUnavailableException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
            }
        }
        return topics;
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec which) {
        return await(admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> which)))
                .all());
    }

    private Map<String, Map<TopicPartition, OffsetAndMetadata>> committed() {
        Map<String, ListConsumerGroupOffsetsSpec> all = Arrays.stream(Participant.values())
                .map(Participant::serviceName)
                .collect(Collectors.toMap(group -> group, group -> new ListConsumerGroupOffsetsSpec()));
        return await(admin.listConsumerGroupOffsets(all).all());
    }

    /** A group that nobody has joined yet has none. */
    private Map<String, Collection<MemberDescription>> members() {
        Map<String, Collection<MemberDescription>> members = new HashMap<>();
        admin.describeConsumerGroups(Arrays.stream(Participant.values())
                        .map(Participant::serviceName)
                        .toList())
                .describedGroups()
                .forEach((group, description) -> {
                    try {
                        members.put(group, await(description).members());
                    } catch (BrokerUnavailableException e) {
                        if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                            throw e;
                        }
                    }
                });
        return members;
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new BrokerUnavailableException(e.getCause());
        } catch (TimeoutException e) {
            throw new BrokerUnavailableException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerUnavailableException(e);
        }
    }

    /** The broker did not answer. */
    static final class BrokerUnavailableException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BrokerUnavailableException(Throwable cause) {
            super("the Kafka broker does not answer", cause);
        }
    }
}
