package io.vaultferry.launcher;

import io.vaultferry.infrastructure.process.CannotStartException;
import io.vaultferry.launcher.demo.DemoException;
import org.apache.kafka.common.utils.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind {@code ./ferry up} and {@code ./ferry demo}. */
@Command(
        name = "ferry",
        description = "Moves a whole Bitwarden organization from one Bitwarden-compatible server to another.",
        subcommands = {UpCommand.class, DemoCommand.class},
        mixinStandardHelpOptions = true)
public final class Launcher {

    private Launcher() {}

    public static void main(String[] arguments) {
        LauncherLog.discard();
        Exit.setHaltProcedure((code, message) -> {
            System.err.println("ferry: Kafka stopped after an error that it cannot survive, most often a full disk."
                    + " See launcher.log in the logs directory. Everything is stopped.");
            Runtime.getRuntime().halt(1);
        });
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Launcher())
                .setExecutionExceptionHandler((failure, command, result) -> {
                    if (failure instanceof CannotStartException || failure instanceof DemoException) {
                        command.getErr().println("ferry: " + failure.getMessage());
                    } else {
                        command.getErr().println("ferry: unexpected failure: " + failure);
                        failure.printStackTrace(command.getErr());
                    }
                    return 1;
                })
                .setParameterExceptionHandler((failure, arguments) -> {
                    CommandLine command = failure.getCommandLine();
                    command.getErr().println("ferry: " + failure.getMessage());
                    command.getErr().println("Options: ./ferry " + command.getCommandName() + " --help");
                    return command.getCommandSpec().exitCodeOnInvalidInput();
                });
    }
}
