package io.vaultferry.orchestrator.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vaultferry.claimcheck.documents.ReconciliationLine;
import io.vaultferry.contracts.MigrationId;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.migration.AcceptingMigration;
import io.vaultferry.orchestrator.migration.OperatingMigration;
import io.vaultferry.orchestrator.migration.SagaRunner;
import io.vaultferry.orchestrator.persistence.ExceptionRepository;
import io.vaultferry.orchestrator.persistence.HistoryRepository;
import io.vaultferry.orchestrator.persistence.MigrationRepository;
import io.vaultferry.orchestrator.persistence.MigrationRow;
import io.vaultferry.orchestrator.persistence.ReportRepository;
import io.vaultferry.orchestrator.persistence.ReportRepository.Summary;
import io.vaultferry.orchestrator.saga.OperatorAction;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Migrations. */
@Path("/api/v1/migrations")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Migrations", description = "Moves of one organization each.")
public class MigrationsResource {

    private static final String ADOPT_EXAMPLE = """
            {"source": {"connection": "5b0f1f0a-58a3-4f0e-9d35-2f6f4a3f1c01", "organization": \
            "d34adb66-fc99-44ab-ae6b-78ef38ce20a5"}, "target": {"connection": \
            "8c3a2b55-1d5c-4f0c-8f0b-6a4b7f3f2d02", "organization": {"adopt": \
            "1f0c7d5e-2f64-4f37-9f0a-4b5b0a6d7e03"}}, "options": {"requireApproval": true}}""";
    private static final String CREATE_EXAMPLE = """
            {"source": {"connection": "5b0f1f0a-58a3-4f0e-9d35-2f6f4a3f1c01", "organization": \
            "d34adb66-fc99-44ab-ae6b-78ef38ce20a5"}, "target": {"connection": \
            "8c3a2b55-1d5c-4f0c-8f0b-6a4b7f3f2d02", "organization": {"create": {"name": "Example Ltd", \
            "billingEmail": "billing@example.com"}}}, "options": {"dryRun": true}}""";
    private static final int LONGEST_KEY = 200;
    private static final int LINES_AT_A_TIME = 1_000;

    private final AcceptingMigration accepting;
    private final OperatingMigration operating;
    private final SagaRunner runner;
    private final MigrationRepository migrations;
    private final HistoryRepository history;
    private final ExceptionRepository exceptions;
    private final ReportRepository reports;
    private final EventStreams streams;
    private final ObjectMapper json;

    MigrationsResource(
            AcceptingMigration accepting,
            OperatingMigration operating,
            SagaRunner runner,
            MigrationRepository migrations,
            HistoryRepository history,
            ExceptionRepository exceptions,
            ReportRepository reports,
            EventStreams streams,
            ObjectMapper json) {
        this.accepting = accepting;
        this.operating = operating;
        this.runner = runner;
        this.migrations = migrations;
        this.history = history;
        this.exceptions = exceptions;
        this.reports = reports;
        this.streams = streams;
        this.json = json;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            summary = "Start a migration",
            description = "Checks both sides on their servers. The answer's Location shows how it goes on.")
    @APIResponse(
            responseCode = "202",
            description = "Accepted, or accepted earlier under the same Idempotency-Key",
            content = @Content(schema = @Schema(implementation = MigrationView.class)))
    @APIResponse(responseCode = "409", description = "Another migration into the target organization has not ended")
    @APIResponse(responseCode = "422", description = "A problem that names the field at fault and what to do")
    public Response start(
            @HeaderParam("Idempotency-Key")
                    @Parameter(description = "The client's name for this request; sending it again starts nothing new")
                    String idempotencyKey,
            @RequestBody(
                            content =
                                    @Content(
                                            schema = @Schema(implementation = MigrationRequest.class),
                                            examples = {
                                                @ExampleObject(name = "adopt", value = ADOPT_EXAMPLE),
                                                @ExampleObject(name = "create", value = CREATE_EXAMPLE)
                                            }))
                    @NotNull(message = "Send a JSON object.")
                    @Valid
                    MigrationRequest request) {
        MigrationId id = accepting.accept(request.toRequest(keyOf(idempotencyKey), fingerprintOf(request)));
        return Response.accepted(view(require(id)))
                .location(URI.create("/api/v1/migrations/" + id))
                .build();
    }

    @GET
    @Operation(summary = "List migrations", description = "The newest first.")
    public List<MigrationView> list(@QueryParam("limit") String limit, @QueryParam("offset") String offset) {
        Page page = Page.of(limit, offset);
        return migrations.list(page.limit(), page.offset()).stream()
                .map(this::view)
                .toList();
    }

    @GET
    @Path("{id}")
    @Operation(summary = "Show a migration")
    @APIResponse(responseCode = "404", description = "There is no such migration")
    public MigrationView show(@PathParam("id") String id) {
        return view(require(idOf(id)));
    }

    @GET
    @Path("{id}/plan")
    @Operation(
            summary = "What will move and what cannot",
            description = "Computed after both organizations have been inspected.")
    @APIResponse(responseCode = "409", description = "The plan is not computed yet")
    public PlanView plan(@PathParam("id") String id) {
        return require(idOf(id))
                .saga()
                .data()
                .plan()
                .map(PlanView::of)
                .orElseThrow(() -> ProblemException.of(
                        ProblemCode.CONFLICT,
                        "The plan is computed once both organizations have been inspected. Ask again then."));
    }

    @GET
    @Path("{id}/report")
    @Produces({MediaType.APPLICATION_JSON, MediaType.TEXT_HTML})
    @Operation(
            summary = "What was compared",
            description = "With one line for each object; as text/html a page to read and print.")
    @APIResponse(
            responseCode = "200",
            description = "The report",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = ReportView.class)),
                @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(type = SchemaType.STRING))
            })
    @APIResponse(responseCode = "409", description = "The migration has not ended")
    public Response report(@PathParam("id") String id, @Context HttpHeaders headers) {
        MigrationRow row = requireEnded(idOf(id));
        ReportView report = reportOf(row);
        return prefersPage(headers.getAcceptableMediaTypes())
                ? page(row, report)
                : Response.ok((StreamingOutput) out -> writeReport(row.saga().id(), report, out))
                        .type(MediaType.APPLICATION_JSON_TYPE)
                        .build();
    }

    private Response page(MigrationRow row, ReportView report) {
        List<ReconciliationLine> remarkable = reports.remarkable(row.saga().id(), PrintableReport.MOST_LINES + 1);
        return Response.ok(PrintableReport.of(report, remarkable))
                .type(MediaType.TEXT_HTML_TYPE.withCharset("UTF-8"))
                .header("Content-Security-Policy", PrintableReport.CONTENT_POLICY)
                .build();
    }

    /** A page only for who asks for one before anything else; JSON for who takes whatever comes. */
    private static boolean prefersPage(List<MediaType> accepted) {
        return accepted.stream()
                .filter(type -> type.isCompatible(MediaType.TEXT_HTML_TYPE)
                        || type.isCompatible(MediaType.APPLICATION_JSON_TYPE))
                .findFirst()
                .map(type -> !type.isCompatible(MediaType.APPLICATION_JSON_TYPE))
                .orElse(false);
    }

    @GET
    @Path("{id}/history")
    @Operation(summary = "Every transition", description = "The oldest first.")
    public List<HistoryView> history(
            @PathParam("id") String id,
            @QueryParam("after")
                    @Parameter(
                            description = "Only entries after this sequence",
                            schema = @Schema(type = SchemaType.INTEGER))
                    String after,
            @QueryParam("limit") String limit) {
        MigrationRow row = require(idOf(id));
        return history
                .after(
                        row.saga().id(),
                        Page.sequence("after", after),
                        Page.of(limit, null).limit())
                .stream()
                .map(HistoryView::of)
                .toList();
    }

    @GET
    @Path("{id}/exceptions")
    @Operation(
            summary = "Objects that did not arrive as they were, and why",
            description = "Complete once the migration has ended; before, what finished steps said.")
    public List<ExceptionView> exceptions(
            @PathParam("id") String id, @QueryParam("limit") String limit, @QueryParam("offset") String offset) {
        MigrationRow row = require(idOf(id));
        Page page = Page.of(limit, offset);
        return exceptions.list(row.saga().id(), page.limit(), page.offset()).stream()
                .map(ExceptionView::of)
                .toList();
    }

    @GET
    @Path("{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Operation(
            summary = "Watch a migration",
            description = "Server-sent events: \"transition\" (a history entry, its sequence as the event's id) and"
                    + " \"progress\" (a step). Sends what is after Last-Event-ID first.")
    @APIResponse(responseCode = "200", content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS))
    public void events(
            @PathParam("id") String id,
            @HeaderParam("Last-Event-ID") String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse) {
        MigrationRow row = require(idOf(id));
        streams.open(row.saga().id(), Page.sequence("Last-Event-ID", lastEventId), sink, sse);
    }

    @POST
    @Path("{id}/actions/{action}")
    @Operation(
            summary = "Act on a migration",
            description = "Which actions are allowed now is a member of the migration.")
    @APIResponse(
            responseCode = "202",
            description = "Taken",
            content = @Content(schema = @Schema(implementation = MigrationView.class)))
    @APIResponse(responseCode = "409", description = "Not allowed now; allowedActions says what is")
    public Response act(
            @PathParam("id") String id,
            @PathParam("action")
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {
                                                "approve",
                                                "pause",
                                                "resume",
                                                "retry",
                                                "cancel",
                                                "rollback",
                                                "sync"
                                            }))
                    String action) {
        MigrationId migration = idOf(id);
        if (!operating.act(migration, actionOf(action))) {
            throw notFound();
        }
        return Response.accepted(view(require(migration))).build();
    }

    private MigrationView view(MigrationRow row) {
        return MigrationView.of(
                row,
                OperatingMigration.names(runner.allowedActions(row.saga())),
                exceptions.count(row.saga().id()));
    }

    private ReportView reportOf(MigrationRow row) {
        List<Summary> summaries = reports.summary(row.saga().id());
        return ReportView.of(view(row), summaries);
    }

    /** Writes the lines as they are read, so that a report may be longer than the memory. */
    private void writeReport(MigrationId id, ReportView report, OutputStream out) throws IOException {
        try (JsonGenerator generator = json.getFactory().createGenerator(out)) {
            generator.writeStartObject();
            generator.writePOJOField("migration", report.migration());
            generator.writeNumberField("objects", report.objects());
            generator.writeNumberField("differences", report.differences());
            generator.writePOJOField("summary", report.summary());
            generator.writeArrayFieldStart("lines");
            List<ReconciliationLine> lines;
            long written = 0;
            do {
                lines = reports.lines(id, written, LINES_AT_A_TIME);
                for (ReconciliationLine line : lines) {
                    generator.writePOJO(ReportView.LineView.of(line));
                }
                written += lines.size();
            } while (lines.size() == LINES_AT_A_TIME);
            generator.writeEndArray();
            generator.writeEndObject();
        }
    }

    private MigrationRow requireEnded(MigrationId id) {
        MigrationRow row = require(id);
        if (!row.saga().status().ended()) {
            throw ProblemException.of(
                    ProblemCode.CONFLICT, "The report is written at the end of the migration, which has not ended.");
        }
        return row;
    }

    private MigrationRow require(MigrationId id) {
        return migrations.find(id).orElseThrow(MigrationsResource::notFound);
    }

    private static MigrationId idOf(String text) {
        try {
            return MigrationId.of(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.ofField(
                    ProblemCode.NOT_FOUND, "id", "The id of a migration is a UUID. See GET /api/v1/migrations.");
        }
    }

    private static OperatorAction actionOf(String text) {
        return Arrays.stream(OperatorAction.values())
                .filter(action -> action.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> ProblemException.ofField(
                        ProblemCode.NOT_FOUND,
                        "action",
                        "There is no such action. Known: "
                                + Arrays.stream(OperatorAction.values())
                                        .map(action -> action.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    private static Optional<String> keyOf(String header) {
        if (header == null) {
            return Optional.empty();
        }
        if (header.isBlank() || header.length() > LONGEST_KEY) {
            throw ProblemException.ofField(
                    ProblemCode.INVALID_FIELD,
                    "Idempotency-Key",
                    "A key has 1 to " + LONGEST_KEY + " characters. A random UUID is a good one.");
        }
        return Optional.of(header);
    }

    /** The same for bodies that mean the same, whatever their spaces and the order of their members. */
    private String fingerprintOf(MigrationRequest request) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(request)));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("a request is always encodable, and every Java platform has SHA-256", e);
        }
    }

    private static ProblemException notFound() {
        return ProblemException.ofField(
                ProblemCode.NOT_FOUND, "id", "There is no migration of this id. See GET /api/v1/migrations.");
    }
}
