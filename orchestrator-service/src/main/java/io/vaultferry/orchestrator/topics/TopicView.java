package io.vaultferry.orchestrator.topics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A topic.
 *
 * @param records records that the broker holds
 * @param lag records that are still to be handled, over all groups
 */
@Schema(name = "Topic")
record TopicView(
        @Schema(examples = "import-commands") String topic,
        long records,
        long lag,
        List<PartitionView> partitions,
        List<GroupView> groups) {

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
