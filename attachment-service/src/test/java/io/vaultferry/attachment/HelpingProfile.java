package io.vaultferry.attachment;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Two places for units, and hands that do not stay idle for long. */
public final class HelpingProfile implements QuarkusTestProfile {

    private final TransferProfile base = new TransferProfile();

    @Override
    public List<TestResourceEntry> testResources() {
        return base.testResources();
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> overrides = new HashMap<>(base.getConfigOverrides());
        overrides.put("vaultferry.transfer.concurrency", "2");
        overrides.put("vaultferry.transfer.help-after", "100ms");
        return overrides;
    }

    @Override
    public boolean disableGlobalTestResources() {
        return true;
    }
}
