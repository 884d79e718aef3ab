package io.vaultferry.sandbox;

/**
 * Runs one sandbox as a program.
 *
 * <pre>
 * --port N --admin-port N          0 takes a free one (default)
 * --bind ADDRESS                   127.0.0.1
 * --host NAME                      name in the certificate, the first in the base URL; may be repeated
 * --no-tls                         plain HTTP
 * --tls-dir DIR                    where ca.pem is written
 * --seed recorded|accounts|none    none
 * --data DIR                       attachments and state.json; state survives restarts
 * --token-lifetime SECONDS         7200
 * --link-lifetime SECONDS          300
 * --latency MILLISECONDS           0
 * --no-signups  --no-groups        switches of the server
 * --request-log                    method, path template and status of each call to standard error
 * --exit-on-stdin-close            end when standard input ends, as a child process does with its parent
 * </pre>
 *
 * Prints one line when it is ready: {@code Sandbox is ready: https://localhost:40123 admin http://127.0.0.1:40124}.
 */
@SuppressWarnings("DoNotCallSuggester") // signatures first: the bodies follow
public final class SandboxMain {

    private SandboxMain() {}

    public static void main(String[] arguments) {
        throw new UnsupportedOperationException("not written yet");
    }
}
