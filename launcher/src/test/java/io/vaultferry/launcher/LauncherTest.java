package io.vaultferry.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class LauncherTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "up --port 70000          | --port 70000 is not between 1 and 65535",
                "up --port eighty         | Invalid value for option '--port'",
                "up --attachment-workers 0| --attachment-workers 0 is not between 1 and 24",
                "up --ca /nowhere.pem     | --ca /nowhere.pem is not a readable file",
                "up --prot 1              | Unknown option",
                "demo --files -1          | --files -1 is not between 0 and 10000",
                "demo --large 17          | --large 17 is not between 0 and 16",
                "demo --large-size 0      | --large-size 0 is not between 1 and 500",
            })
    void aBadOptionIsNamedAndUsageIsOffered(String arguments, String message) {
        StringWriter errors = new StringWriter();

        int exitCode = run(errors, arguments.strip().split(" ", -1));

        assertThat(exitCode).isEqualTo(2);
        assertThat(errors.toString())
                .startsWith("ferry: ")
                .contains(message.strip(), "./ferry " + arguments.substring(0, arguments.indexOf(' ')) + " --help");
    }

    @Test
    void helpNamesTheDefaults() {
        StringWriter out = new StringWriter();
        CommandLine commandLine = Launcher.commandLine().setOut(new PrintWriter(out));

        int exitCode = commandLine.execute("up", "--help");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("8080", "127.0.0.1", ".vaultferry");
    }

    private static int run(StringWriter errors, String... arguments) {
        return Launcher.commandLine().setErr(new PrintWriter(errors, true)).execute(arguments);
    }
}
