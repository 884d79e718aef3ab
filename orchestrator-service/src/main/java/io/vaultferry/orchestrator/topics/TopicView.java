package io.vaultferry.orchestrator.topics;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vaultferry.orchestrator.persistence.ProgressRepository.Outstanding;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A topic.
 *
 * @param records records that the broker holds
 * @param lag records that are still to be handled, over all groups
 * @param work what the records of {@code attachment-work} amount to; null for other topics, and while it cannot be told
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Topic")
record TopicView(
        @Schema(examples = "import-commands") String topic,
        long records,
        long lag,
        List<PartitionView> partitions,
        List<GroupView> groups,
        WorkView work) {

    TopicView with(WorkView theWork) {
        return new TopicView(topic, records, lag, partitions, groups, theWork);
    }

    /**
     * Files that are still to be moved, over all migrations that move files now. Known from the moment their step is asked for,
     * whether a worker is alive or not.
     *
     * @param bytes encrypted; those of a file that is being moved are taken off as they pass
     * @param filesPerSecond finished, over the last half minute; 0 when nothing moved
     * @param bytesPerSecond moved, over the last half minute; 0 when nothing moved
     * @param etaSeconds how long the rest takes at this rate; null when nothing moves
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "OutstandingWork")
    record WorkView(
            @Schema(examples = "312") long files,
            @Schema(examples = "483183820") long bytes,
            @Schema(examples = "21.4") double filesPerSecond,
            @Schema(examples = "1536000.5") double bytesPerSecond,
            @Schema(examples = "12") Long etaSeconds) {

        static WorkView of(Outstanding left) {
            return new WorkView(
                    left.files(),
                    left.bytes(),
                    left.pace().objectsPerSecond(),
                    left.pace().bytesPerSecond(),
                    left.remaining().map(Duration::toSeconds).orElse(null));
        }
    }

    @Schema(name = "Partition")
    record PartitionView(int partition, long beginOffset, long endOffset) {}

    /**
     * @param members consumers that read the topic now; none when nobody does
     */
    @Schema(name = "ConsumerGroup")
    record GroupView(
            @Schema(examples = "import-service") String group,
            long lag,
            List<MemberView> members,
            List<GroupPartitionView> partitions) {}

    /**
     * A consumer that is alive: the broker hears from it.
     *
     * @param id the broker's name for it
     * @param partitions those of the topic that it reads
     */
    @Schema(name = "ConsumerGroupMember")
    record MemberView(
            String id, @Schema(examples = "/127.0.0.1") String host, List<Integer> partitions) {}

    /**
     * @param committedOffset null when the group has not committed one yet; all records count as lag then
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ConsumerGroupPartition")
    record GroupPartitionView(int partition, Long committedOffset, long lag) {}
}
