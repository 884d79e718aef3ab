package io.vaultferry.launcher.system;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Stands for a service: reads its configuration file as a service does, and is healthy from then on. In a data directory that
 * contains the file {@code fail-NAME} the service of that name ends at once.
 */
public final class FakeProgram {

    private FakeProgram() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(URI.create(System.getProperty("smallrye.config.locations")));
        Properties configuration = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            configuration.load(reader);
        }
        String name = file.getFileName().toString().replace(".properties", "");
        if (Files.exists(file.getParent().resolveSibling("fail-" + name))) {
            System.out.println("this service was told to fail");
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
}
