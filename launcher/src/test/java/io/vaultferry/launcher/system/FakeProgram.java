package io.vaultferry.launcher.system;

import com.sun.net.httpserver.HttpServer;
import io.vaultferry.contracts.Participant;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Stands for a service: reads its configuration file as a service does, and is healthy from then on. In a data directory that
 * contains the file {@code fail-NAME} the service of that name ends at once; with {@code lose-port-NAME} it says that somebody has its
 * port, once.
 */
public final class FakeProgram {

    private FakeProgram() {}

    /** Puts this program where the five services belong. */
    public static void install(Path home) throws IOException {
        for (Participant participant : Participant.values()) {
            Path program = home.resolve(participant.serviceName()).resolve("target/quarkus-app/quarkus-run.jar");
            Files.createDirectories(program.getParent());
            writeJar(program);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(URI.create(System.getProperty("smallrye.config.locations")));
        Properties configuration = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            configuration.load(reader);
        }
        String name = file.getFileName().toString().replace(".properties", "");
        if (Files.exists(file.getParent().resolveSibling("fail-" + name))) {
            System.out.println("2026-11-28 10:00:00.000 ERROR [i.v.Fake] this service was told to fail");
            System.exit(1);
        }
        if (Files.deleteIfExists(file.getParent().resolveSibling("lose-port-" + name))) {
            System.out.println(
                    "2026-11-28 10:00:00.000 ERROR [i.q.r.Application] Port 20123 seems to be in use by another process."
                            + " Quarkus may already be running or the port is used by another application.");
            System.exit(1);
        }
        HttpServer server = HttpServer.create(
                new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                        Integer.parseInt(configuration.getProperty("quarkus.http.port"))),
                0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        System.out.println("healthy");
    }

    private static void writeJar(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeProgram.class.getName());
        String entry = FakeProgram.class.getName().replace('.', '/') + ".class";
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream code = FakeProgram.class.getClassLoader().getResourceAsStream(entry)) {
            jar.putNextEntry(new JarEntry(entry));
            code.transferTo(jar);
            jar.closeEntry();
        }
    }
}
