package io.vaultferry.orchestrator.api;

import io.vaultferry.contracts.MigrationOptions;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.migration.AcceptingMigration;
import io.vaultferry.orchestrator.migration.MigrationAccess.NewOrganization;
import io.vaultferry.orchestrator.saga.MigrationTerms;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Body of {@code POST /api/v1/migrations}. */
@Schema(description = "What to move, from where, and to where.")
record MigrationRequest(
        @NotNull(message = "Say what to move from.") @Valid Source source,

        @NotNull(message = "Say what to move to.") @Valid Target target,

        @Valid @Schema(description = "What to move; everything when left out.")
        Options options) {

    private static final String ID = "[A-Za-z0-9-]{1,64}";

    @Schema(name = "MigrationSource")
    record Source(
            @NotNull(message = "Name the connection by its id.") @Schema(description = "Id of a connection")
            UUID connection,

            @NotNull(message = "Name the organization by its id.")
            @Pattern(regexp = ID, message = "This is no id of an organization.")
            @Schema(description = "Id of the organization on its server")
            String organization) {}

    @Schema(name = "MigrationTarget")
    record Target(
            @NotNull(message = "Name the connection by its id.") @Schema(description = "Id of a connection")
            UUID connection,

            @NotNull(message = "Say which organization to adopt or create.") @Valid
            TargetOrganization organization) {}

    @Schema(name = "TargetOrganization", description = "Either adopt an organization or create one.")
    record TargetOrganization(
            @Pattern(regexp = ID, message = "This is no id of an organization.")
            @Schema(description = "Id of an organization that exists on the target server")
            String adopt,

            @Valid @Schema(description = "An organization to create on the target server")
            Creation create) {}

    @Schema(name = "OrganizationToCreate")
    record Creation(
            @NotBlank(message = "Give the organization a name.")
            @Size(max = 50, message = "A name has at most 50 characters.")
            String name,

            @Email(message = "This is no e-mail address.")
            @Size(max = 256, message = "An address has at most 256 characters.")
            String billingEmail) {

        @Override
        public String toString() {
            return "Creation[redacted]";
        }
    }

    @Schema(name = "MigrationRequestOptions")
    record Options(
            @Schema(description = "End with the plan; nothing is written", defaultValue = "false")
            Boolean dryRun,

            @Schema(defaultValue = "true") Boolean attachments,

            @Schema(defaultValue = "true") Boolean members,

            @Schema(defaultValue = "true") Boolean groups,

            @Schema(defaultValue = "true") Boolean policies,

            @Schema(description = "Items in the trash", defaultValue = "true")
            Boolean trash,

            @Schema(description = "Wait for the action approve before the first write", defaultValue = "false")
            Boolean requireApproval) {

        static final Options DEFAULTS = new Options(null, null, null, null, null, null, null);

        MigrationTerms toTerms(boolean createTarget) {
            return new MigrationTerms(
                    createTarget,
                    isOn(dryRun, false),
                    isOn(requireApproval, false),
                    new MigrationOptions(
                            isOn(attachments, true),
                            isOn(members, true),
                            isOn(groups, true),
                            isOn(policies, true),
                            isOn(trash, true)));
        }

        private static boolean isOn(Boolean option, boolean otherwise) {
            return option == null ? otherwise : option;
        }
    }

    /**
     * @throws ProblemException when the target organization is neither adopted nor created, or both
     */
    AcceptingMigration.Request toRequest(Optional<String> idempotencyKey, String fingerprint) {
        Creation create = target.organization().create();
        if ((target.organization().adopt() == null) == (create == null)) {
            throw ProblemException.ofField(
                    ProblemCode.INVALID_FIELD, "target.organization", "Give either adopt or create.");
        }
        return new AcceptingMigration.Request(
                new ConnectionId(source.connection()),
                source.organization(),
                new ConnectionId(target.connection()),
                Optional.ofNullable(target.organization().adopt()),
                Optional.ofNullable(create)
                        .map(it -> new NewOrganization(it.name().strip(), Optional.ofNullable(it.billingEmail()))),
                (options == null ? Options.DEFAULTS : options).toTerms(create != null),
                idempotencyKey,
                fingerprint);
    }
}
