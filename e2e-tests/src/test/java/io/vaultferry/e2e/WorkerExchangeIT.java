package io.vaultferry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultferry.launcher.demo.Demo;
import io.vaultferry.launcher.demo.DemoServers;
import io.vaultferry.launcher.demo.MoreFiles;
import io.vaultferry.launcher.system.DataDirectory;
import io.vaultferry.launcher.system.SystemSettings;
import io.vaultferry.launcher.system.VaultferrySystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo of many files, small: real workers, one of which dies in the middle of its work while another one joins. */
class WorkerExchangeIT {

    private static final MoreFiles FILES = new MoreFiles(48, 1, 8 << 20);

    @TempDir
    private Path directory;

    private final List<String> said = new CopyOnWriteArrayList<>();

    @Test
    void everyFileArrivesThoughAWorkerIsKilledAndAnotherJoins() {
        try (DemoServers servers = DemoServers.start(directory.resolve("servers"), FILES, said::add);
                VaultferrySystem system = VaultferrySystem.start(
                        SystemSettings.forTests()
                                .withAttachmentWorkers(2)
                                .withServicesToldOf(Demo.CONFIGURATION_FOR_MORE_FILES)
                                .withLocalServers(servers.caFile()),
                        DataDirectory.claim(directory.resolve("data")),
                        said::add)) {
            // When
            boolean complete = new Demo(system, servers, FILES, said::add, lines -> {}, () -> {}, false).run();

            // Then
            assertThat(complete).as(String.join("\n", said)).isTrue();
            assertThat(said)
                    .anyMatch(line -> line.contains("attachment-service-2 is killed in the middle of its work"))
                    .anyMatch(line -> line.contains("attachment-service-3 is started, to join the others"))
                    .anyMatch(line -> line.contains("lag "))
                    .anyMatch(line -> line.startsWith("63 files, "))
                    .anyMatch(line -> line.endsWith(": 0 differences."));
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() ->
                            assertThat(system.attachmentWorkers()).hasSize(3).allMatch(worker -> worker.ready()));
            assertThat(system.service("attachment-service-2").restarts()).isPositive();
        }
    }
}
