package io.vaultferry.infrastructure.process;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program that starts two children under a guard, names them on standard output, and waits to be killed. */
public final class GuardedProgram {

    private GuardedProgram() {}

    public static void main(String[] arguments) throws Exception {
        ProcessGuard guard = ProcessGuard.open();
        Path log = Path.of(arguments[0]);
        Process willing = guard.start(List.of("sleep", "600"), log, StopSignal.TERM);
        Process deaf = guard.start(
                List.of("/bin/sh", "-c", "trap '' TERM INT; echo deaf; while :; do sleep 1; done"),
                log,
                StopSignal.TERM);
        Process gone = guard.start(List.of("true"), log, StopSignal.TERM);
        gone.waitFor();
        System.out.println(willing.pid() + " " + deaf.pid());
        new CountDownLatch(1).await();
    }
}
