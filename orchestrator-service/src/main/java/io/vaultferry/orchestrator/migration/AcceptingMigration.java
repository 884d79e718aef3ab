package io.vaultferry.orchestrator.migration;

import io.vaultferry.contracts.MigrationId;
import io.vaultferry.messaging.database.Database;
import io.vaultferry.orchestrator.api.problem.ProblemCode;
import io.vaultferry.orchestrator.api.problem.ProblemException;
import io.vaultferry.orchestrator.connections.ConnectionId;
import io.vaultferry.orchestrator.connections.Connections;
import io.vaultferry.orchestrator.connections.Connections.Account;
import io.vaultferry.orchestrator.custody.MigrationKeys;
import io.vaultferry.orchestrator.custody.SealedFacts;
import io.vaultferry.orchestrator.persistence.IdempotencyRepository;
import io.vaultferry.orchestrator.persistence.IdempotencyRepository.Known;
import io.vaultferry.orchestrator.persistence.MigrationRepository;
import io.vaultferry.orchestrator.persistence.NewMigration;
import io.vaultferry.orchestrator.persistence.SealedText;
import io.vaultferry.orchestrator.saga.MigrationTerms;
import io.vaultferry.orchestrator.saga.SagaInput;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.Optional;

/** Accepts a migration: checks both sides on their servers, then stores and starts it, all of it or nothing. */
@ApplicationScoped
public class AcceptingMigration {

    private final Connections connections;
    private final MigrationRepository migrations;
    private final IdempotencyRepository idempotency;
    private final MigrationKeys keys;
    private final SealedFacts facts;
    private final SagaRunner runner;
    private final Database database;

    AcceptingMigration(
            Connections connections,
            MigrationRepository migrations,
            IdempotencyRepository idempotency,
            MigrationKeys keys,
            SealedFacts facts,
            SagaRunner runner,
            Database database) {
        this.connections = connections;
        this.migrations = migrations;
        this.idempotency = idempotency;
        this.keys = keys;
        this.facts = facts;
        this.runner = runner;
        this.database = database;
    }

    /**
     * What is asked for.
     *
     * @param adoptedOrganization the target organization; empty when {@code newOrganization} is to be created
     * @param idempotencyKey the client's name for this request
     * @param fingerprint tells this request from others
     */
    public record Request(
            ConnectionId source,
            String sourceOrganization,
            ConnectionId target,
            Optional<String> adoptedOrganization,
            Optional<MigrationAccess.NewOrganization> newOrganization,
            MigrationTerms terms,
            Optional<String> idempotencyKey,
            String fingerprint) {

        public Request {
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(target, "target");
            if (adoptedOrganization.isPresent() == newOrganization.isPresent()) {
                throw new IllegalArgumentException("the target organization is either adopted or created");
            }
        }

        @Override
        public String toString() {
            return "Request[" + source + " to " + target + "]";
        }
    }

    /**
     * Accepts a migration; for an idempotency key that is known, says which migration it led to.
     *
     * @throws ProblemException when it cannot be; nothing is stored then
     */
    public MigrationId accept(Request request) {
        Optional<MigrationId> earlier = earlier(request);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Account source = connections.account(request.source(), "source.connection");
        Connections.requireOrganization(source, request.sourceOrganization(), "source.organization");
        Account target = connections.account(request.target(), "target.connection");
        request.adoptedOrganization().ifPresent(organization -> {
            Connections.requireOrganization(target, organization, "target.organization.adopt");
            if (Connections.sameOrganization(request.sourceOrganization(), organization)) {
                throw ProblemException.ofField(
                        ProblemCode.SAME_ORGANIZATION,
                        "target.organization.adopt",
                        "Source and target are the same organization. Choose another target.");
            }
        });

        MigrationId id = MigrationId.make();
        keys.make(id);
        boolean accepted = false;
        try {
            Optional<MigrationId> other = database.inTransaction(() -> store(id, request, source, target));
            accepted = other.isEmpty();
            return other.orElse(id);
        } finally {
            if (!accepted) {
                keys.destroy(id);
            }
        }
    }

    /** Stores and starts the migration; when the same request was stored meanwhile, answers its migration instead. */
    private Optional<MigrationId> store(MigrationId id, Request request, Account source, Account target) {
        connections.hold(request.source(), "source.connection");
        connections.hold(request.target(), "target.connection");
        NewMigration migration = new NewMigration(
                id,
                request.terms(),
                new NewMigration.Source(request.source(), request.sourceOrganization(), source.server()),
                new NewMigration.Target(
                        request.target(),
                        request.adoptedOrganization(),
                        target.server(),
                        request.newOrganization()
                                .map(organization -> seal(id, StoredMigrations.NAME, organization.name())),
                        request.newOrganization()
                                .flatMap(MigrationAccess.NewOrganization::billingEmail)
                                .map(email -> seal(id, StoredMigrations.BILLING_EMAIL, email))));
        if (!migrations.insert(migration)) {
            Optional<MigrationId> earlier = earlier(request);
            if (earlier.isPresent()) {
                return earlier;
            }
            throw busy(request.adoptedOrganization().orElseThrow());
        }
        if (request.idempotencyKey().isPresent()
                && !idempotency.insert(request.idempotencyKey().get(), new Known(request.fingerprint(), id))) {
            // The same request, stored a moment ago. Ending by an exception takes back what this one has stored.
            throw ProblemException.of(
                    ProblemCode.CONFLICT, "The same request is being accepted at this moment. Send it again.");
        }
        if (runner.apply(id, new SagaInput.Started()).isEmpty()) {
            throw new IllegalStateException("migration " + id + " was stored and is not there");
        }
        return Optional.empty();
    }

    private Optional<MigrationId> earlier(Request request) {
        return request.idempotencyKey().flatMap(idempotency::find).map(known -> {
            if (!known.bodySha256().equals(request.fingerprint())) {
                throw ProblemException.ofField(
                        ProblemCode.IDEMPOTENCY_KEY_REUSED,
                        "Idempotency-Key",
                        "This key was used for another request, which led to migration " + known.migration()
                                + ". Use a new key for a new request.");
            }
            return known.migration();
        });
    }

    private ProblemException busy(String organization) {
        ProblemException problem = ProblemException.ofField(
                ProblemCode.TARGET_BUSY,
                "target.organization.adopt",
                "Another migration into this organization has not ended. Let it end, or cancel it first.");
        return migrations
                .activeInto(organization)
                .map(other -> problem.with("migration", other.toString()))
                .orElse(problem);
    }

    private SealedText seal(MigrationId id, String fact, String text) {
        return new SealedText(facts.seal(id, fact, text));
    }
}
