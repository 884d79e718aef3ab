package io.vaultferry.launcher.system;

import io.vaultferry.contracts.Participant;
import io.vaultferry.infrastructure.process.CannotStartException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the built services are.
 *
 * @param home the root of the repository
 */
public record Installation(Path home) {

    public Installation {
        home = home.toAbsolutePath().normalize();
    }

    /** The repository that {@code ./ferry} names, or else the one that holds the working directory. */
    public static Installation find() {
        String named = System.getProperty("vaultferry.home");
        if (named != null) {
            return new Installation(Path.of(named));
        }
        for (Path directory = Path.of("").toAbsolutePath(); directory != null; directory = directory.getParent()) {
            if (Files.isRegularFile(directory.resolve("ferry")) && Files.isRegularFile(directory.resolve("mvnw"))) {
                return new Installation(directory);
            }
        }
        throw new CannotStartException("This is not inside a Vaultferry repository: start it by ./ferry");
    }

    /**
     * The program of a service.
     *
     * @throws CannotStartException when it is not built
     */
    public Path program(Participant service) {
        Path program = home.resolve(service.serviceName())
                .resolve("target")
                .resolve("quarkus-app")
                .resolve("quarkus-run.jar");
        if (!Files.isRegularFile(program)) {
            throw new CannotStartException(
                    service.serviceName() + " is not built (" + program + " is missing): run ./ferry");
        }
        return program;
    }
}
