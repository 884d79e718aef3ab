package io.vaultferry.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Runs one sandbox as a program.
 *
 * <pre>
 * --port N --admin-port N          0 takes a free one (default)
 * --bind ADDRESS                   127.0.0.1
 * --host NAME                      name in the certificate, the first in the base URL; may be repeated
 * --base-path /PATH                serves under a path
 * --no-tls                         plain HTTP
 * --tls-dir DIR                    where ca.pem is written
 * --seed recorded|accounts|none    none
 * --data DIR                       attachments and state.json; state survives restarts
 * --token-lifetime SECONDS         7200
 * --link-lifetime SECONDS          300
 * --latency MILLISECONDS           0
 * --rate-limit CALLS               0, a second; more are answered 429
 * --download-rate BYTES            0, a second for each download of a file
 * --no-signups  --no-groups        switches of the server
 * --request-log                    method, path template and status of each call to standard error
 * --exit-on-stdin-close            end when standard input ends, as a child process does with its parent
 * </pre>
 *
 * Prints one line when it is ready: {@code Sandbox is ready: https://localhost:40123 admin http://127.0.0.1:40124}.
 */
public final class SandboxMain {

    private static final int USAGE_ERROR = 2;

    private final SandboxConfig.Builder config = SandboxConfig.builder();
    private final List<String> hostNames = new ArrayList<>();
    private boolean exitOnStdinClose;

    private SandboxMain() {}

    public static void main(String[] arguments) throws IOException {
        SandboxMain main = new SandboxMain();
        try {
            main.read(new ArrayDeque<>(List.of(arguments)));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(USAGE_ERROR);
        }
        main.run();
    }

    private void read(Deque<String> arguments) {
        while (!arguments.isEmpty()) {
            String option = arguments.pop();
            switch (option) {
                case "--port" -> config.port(number(option, arguments));
                case "--admin-port" -> config.adminPort(number(option, arguments));
                case "--bind" -> config.bindAddress(value(option, arguments));
                case "--host" -> hostNames.add(value(option, arguments));
                case "--base-path" -> config.basePath(value(option, arguments));
                case "--no-tls" -> config.tls(false);
                case "--tls-dir" -> config.tlsDirectory(Path.of(value(option, arguments)));
                case "--seed" -> config.seed(seed(value(option, arguments)));
                case "--data" -> {
                    Path data = Path.of(value(option, arguments));
                    config.dataDirectory(data).snapshotFile(data.resolve("state.json"));
                }
                case "--token-lifetime" -> config.accessTokenLifetime(Duration.ofSeconds(number(option, arguments)));
                case "--link-lifetime" -> config.attachmentLinkLifetime(Duration.ofSeconds(number(option, arguments)));
                case "--latency" -> config.latency(Duration.ofMillis(number(option, arguments)));
                case "--rate-limit" -> config.rateLimit(number(option, arguments));
                case "--download-rate" -> config.downloadRate(number(option, arguments));
                case "--no-signups" -> config.signupsAllowed(false);
                case "--no-groups" -> config.groupsEnabled(false);
                case "--request-log" -> config.requestLog(true);
                case "--exit-on-stdin-close" -> exitOnStdinClose = true;
                default -> throw new IllegalArgumentException("no such option: " + option);
            }
        }
        if (!hostNames.isEmpty()) {
            config.hostNames(hostNames);
        }
    }

    private static String value(String option, Deque<String> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException(option + " needs a value");
        }
        return arguments.pop();
    }

    private static int number(String option, Deque<String> arguments) {
        String value = value(option, arguments);
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(option + " needs a number, not " + value);
        }
        return Integer.parseInt(value);
    }

    private static Seed seed(String name) {
        return switch (name) {
            case "recorded" -> Seed.recorded();
            case "accounts" -> Seed.recordedAccountsOnly();
            case "none" -> Seed.none();
            default -> throw new IllegalArgumentException("--seed needs recorded, accounts or none, not " + name);
        };
    }

    private void run() throws IOException {
        Sandbox sandbox = Sandbox.start(config.build());
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(sandbox::close));
        System.out.println("Sandbox is ready: " + sandbox.baseUrl() + " admin " + sandbox.adminUrl());
        System.out.flush();
        if (exitOnStdinClose) {
            System.in.transferTo(OutputStream.nullOutputStream());
            System.exit(0);
        }
        // The listeners are daemon threads: this one keeps the program running until it is told to end.
        java.util.concurrent.locks.LockSupport.park();
        while (!Thread.currentThread().isInterrupted()) {
            java.util.concurrent.locks.LockSupport.park();
        }
    }
}
