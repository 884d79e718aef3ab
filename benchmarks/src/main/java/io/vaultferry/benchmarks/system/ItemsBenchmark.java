package io.vaultferry.benchmarks.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultferry.benchmarks.Benchmark;
import io.vaultferry.benchmarks.Extent;
import io.vaultferry.benchmarks.Figure;
import io.vaultferry.benchmarks.Finding;
import io.vaultferry.benchmarks.Goal;
import io.vaultferry.benchmarks.NotMeasuredException;
import io.vaultferry.benchmarks.Outcome;
import io.vaultferry.benchmarks.Samples;
import io.vaultferry.benchmarks.Workspace;
import io.vaultferry.launcher.demo.MigrationApi.Connection;
import io.vaultferry.launcher.demo.MigrationApi.Migration;
import io.vaultferry.launcher.system.Installation;
import io.vaultferry.launcher.system.Narrator;
import io.vaultferry.sandbox.OfficialClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long plain logins take, beside the official client's import and beside one process of it for each item. */
public final class ItemsBenchmark implements Benchmark {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ORGANIZATION = "Ten thousand logins";
    private static final String BW_IMPORT = "bw import";
    private static final int WARM_UP_ITEMS = 1_000;
    private static final double MOST_OF_BW_IMPORT = 0.5;
    private static final double FASTER_THAN_PROCESSES = 100;

    private final Samples step = new Samples();
    private final Samples migration = new Samples();
    private final Samples bwImport = new Samples();
    private final Samples bwExport = new Samples();
    private final Samples bwCreate = new Samples();

    @Override
    public String name() {
        return "items";
    }

    @Override
    public String question() {
        return "How long do 10,000 plain logins take, beside `bw import` of the same logins into a server of the same kind?";
    }

    @Override
    public Outcome run(Workspace workspace, Extent extent, Narrator narrator) throws IOException, InterruptedException {
        OfficialClient.whyUnavailable().ifPresent(reason -> {
            throw new NotMeasuredException(reason + ", so that the official client cannot be run");
        });
        int count = extent.of(2_000, 10_000);
        int runs = extent.of(1, 3);
        int created = extent.of(5, 15);
        Path installation = Installation.find().home().resolve("benchmarks/target/bw");
        narrator.say("installing the official client, unless it is there");
        OfficialClient.install(installation);
        Path tls = workspace.directory("tls");
        List<PlainLogin> logins = PlainLogin.many(count);
        try (SandboxServer source = SandboxServer.start(workspace, tls)) {
            try (OwnedOrganization organization = OwnedOrganization.create(source, ORGANIZATION)) {
                organization.add(logins);
            }
            try (RunningVaultferry vaultferry = RunningVaultferry.start(workspace, Optional.of(source.caFile()), 1)) {
                warmUp(workspace, tls, vaultferry, narrator);
                for (int run = 1; run <= runs; run++) {
                    narrator.say("Vaultferry, " + run + " of " + runs);
                    migrate(workspace, tls, vaultferry, source, count);
                }
            }
            narrator.say("bw export");
            OfficialClient client = client(workspace, installation, source);
            String exported =
                    client.json("list", "organizations").get(0).get("id").textValue();
            bwExport.add(seconds(() -> client.text(
                    "export",
                    "--organizationid",
                    exported,
                    "--format",
                    "json",
                    "--output",
                    workspace.file("export.json").toString())));
        }
        for (int run = 1; run <= runs; run++) {
            narrator.say("bw import, " + run + " of " + runs);
            importByOfficialClient(workspace, tls, installation, logins, run == 1 ? created : 0);
        }
        return outcome(count, created);
    }

    /** One migration of another organization first, since services run for days. */
    private static void warmUp(Workspace workspace, Path tls, RunningVaultferry vaultferry, Narrator narrator)
            throws IOException, InterruptedException {
        narrator.say("warming up");
        try (SandboxServer from = SandboxServer.start(workspace, tls);
                SandboxServer to = SandboxServer.start(workspace, tls)) {
            try (OwnedOrganization organization = OwnedOrganization.create(from, "Warm up")) {
                organization.add(PlainLogin.many(WARM_UP_ITEMS));
            }
            Connection source = vaultferry.connect("Warm source", from.url());
            Connection target = vaultferry.connect("Warm target", to.url());
            vaultferry.awaitEnd(vaultferry.migrate(source, "Warm up", target), WARM_UP_ITEMS);
        }
    }

    private void migrate(Workspace workspace, Path tls, RunningVaultferry vaultferry, SandboxServer from, int count)
            throws IOException, InterruptedException {
        try (SandboxServer to = SandboxServer.start(workspace, tls)) {
            Connection source = vaultferry.connect("Source", from.url());
            Connection target = vaultferry.connect("Target", to.url());
            long began = System.nanoTime();
            Migration ended = vaultferry.awaitEnd(vaultferry.migrate(source, ORGANIZATION, target), count);
            migration.add((System.nanoTime() - began) / 1e9);
            step.add(RunningVaultferry.seconds(RunningVaultferry.step(ended, "IMPORT_ITEMS")));
        }
    }

    private void importByOfficialClient(
            Workspace workspace, Path tls, Path installation, List<PlainLogin> logins, int created)
            throws IOException, InterruptedException {
        try (SandboxServer server = SandboxServer.start(workspace, tls);
                OwnedOrganization organization = OwnedOrganization.create(server, ORGANIZATION)) {
            OfficialClient client = client(workspace, installation, server);
            String id = organization.id().value();
            String collection = organization.collection().value();
            for (int i = 0; i < created; i++) {
                ObjectNode item = JSON.valueToTree(new PlainLogin(i).plain(id, collection));
                bwCreate.add(seconds(() -> client.createItem(item, id)));
            }
            Path file = workspace.file("import.json");
            Files.write(file, JSON.writeValueAsBytes(importable(logins, id, collection)));
            bwImport.add(
                    seconds(() -> client.text("import", "--organizationid", id, "bitwardenjson", file.toString())));
            organization.requireSize(logins.size() + created);
        }
    }

    private static OfficialClient client(Workspace workspace, Path installation, SandboxServer server) {
        OfficialClient client = new OfficialClient(installation, workspace.directory("bw"), server.caFile());
        client.useServer(server.url());
        client.logIn(SandboxServer.OWNER, SandboxServer.MASTER_PASSWORD);
        return client;
    }

    /** In the format of {@code bw export} of an organization. */
    private static ObjectNode importable(List<PlainLogin> logins, String organization, String collection) {
        ObjectNode file = JSON.createObjectNode().put("encrypted", false);
        file.putArray("collections")
                .addObject()
                .put("id", collection)
                .put("organizationId", organization)
                .put("name", "Logins")
                .putNull("externalId");
        ArrayNode items = file.putArray("items");
        for (PlainLogin login : logins) {
            ObjectNode item = JSON.valueToTree(login.plain(organization, collection));
            item.put("id", new java.util.UUID(0, login.number()).toString());
            items.add(item);
        }
        return file;
    }

    /** Something that is timed as a whole. */
    @FunctionalInterface
    private interface Work {
        void run();
    }

    private static double seconds(Work work) {
        long began = System.nanoTime();
        work.run();
        return (System.nanoTime() - began) / 1e9;
    }

    private Outcome outcome(int count, int created) {
        List<Finding> findings = new ArrayList<>();
        String items = String.format(java.util.Locale.ROOT, "%,d logins, ", count);
        Figure imported = new Figure(bwImport.median(), "s");
        findings.add(new Finding(
                items + "the step that imports them",
                new Figure(step.median(), "s"),
                BW_IMPORT,
                imported,
                Goal.atMost(MOST_OF_BW_IMPORT)));
        findings.add(new Finding(
                items + "the whole migration with plan, export, journal and comparison",
                new Figure(migration.median(), "s"),
                BW_IMPORT,
                imported,
                Goal.atMost(MOST_OF_BW_IMPORT)));
        findings.add(new Finding(
                items + "the whole migration",
                new Figure(migration.median(), "s"),
                "bw export + bw import",
                new Figure(bwExport.median() + bwImport.median(), "s"),
                Goal.NONE));
        findings.add(new Finding(
                items + "the whole migration",
                new Figure(count / migration.median(), "items/s"),
                "bw create item, a process for each",
                new Figure(1 / bwCreate.median(), "items/s"),
                Goal.atLeast(FASTER_THAN_PROCESSES)));
        return new Outcome(
                findings,
                List.of(
                        "Step " + step.spread() + "; migration " + migration.spread() + "; bw import "
                                + bwImport.spread()
                                + "; bw export in 1 run. Each into a new server, over TLS. Logins to the servers are not counted on"
                                + " either side.",
                        "bw create item: " + created + " items were made, " + bwCreate.spread() + " (s an item); "
                                + count + " of them would take " + new Figure(bwCreate.median() * count, "s")
                                + ", extrapolated.",
                        "The official client is " + OfficialClient.VERSION
                                + ". The migration's report says that every item is"
                                + " equal; of bw import only the number of items was checked."));
    }
}
