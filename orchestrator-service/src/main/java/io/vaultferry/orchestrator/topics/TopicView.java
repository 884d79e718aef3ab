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

    @Schema(name = "ConsumerGroup")
    record GroupView(
            @Schema(examples = "import-service") String group, long lag, List<GroupPartitionView> partitions) {}

    /**
     * @param committedOffset null when the group has not committed one yet; all records count as lag then
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "ConsumerGroupPartition")
    record GroupPartitionView(int partition, Long committedOffset, long lag) {}
}
