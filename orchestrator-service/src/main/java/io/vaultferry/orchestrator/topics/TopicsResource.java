package io.vaultferry.orchestrator.topics;

import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Topics and their lag. */
@Path("/api/v1/topics")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Topics", description = "Kafka's topics and how far consumer groups are behind.")
public class TopicsResource {

    private final TopicReport report;
    private final TopicStreams streams;

    TopicsResource(TopicReport report, TopicStreams streams) {
        this.report = report;
        this.streams = streams;
    }

    @GET
    @Operation(
            summary = "Partitions, offsets and lag",
            description =
                    "Measured at the broker, so that it is right when no consumer is alive. The topic attachment-work also says"
                            + " how many files and bytes are left, how fast they move, and how long that takes; the members of"
                            + " its group are the workers that are alive.")
    @APIResponse(responseCode = "503", description = "The broker does not answer")
    public List<TopicView> measure() {
        try {
            return report.make();
        } catch (TopicLag.BrokerUnavailableException e) {
            throw ProblemException.of(ProblemCode.UNAVAILABLE, "The Kafka broker does not answer.")
                    .retryAfter(Duration.ofSeconds(5));
        }
    }

    @GET
    @Path("events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Watch topics",
            description =
                    "Server-sent events: \"topics\" (what the call without /events answers) every two seconds, and"
                            + " \"unavailable\" while the broker does not answer.")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS))
    public void events(@Context SseEventSink sink, @Context Sse sse) {
        streams.open(sink, sse);
    }
}
