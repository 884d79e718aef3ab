package io.vaultferry.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.SameSiteAttribute;
import com.microsoft.playwright.options.SelectOption;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.vaultferry.launcher.demo.MigrationApi;
import io.vaultferry.sandbox.Fault;
import io.vaultferry.sandbox.Sandbox;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The dashboard in a real Chromium, before the five real service processes: a whole migration by mouse, another one by
 * keyboard, and what a browser has to refuse. Every view is looked at in light and dark, wide and on a phone. The methods build
 * on one another.
 */
@ExtendWith(RunningSystem.Extension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DashboardIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String ANNOUNCEMENT_OF_A_FILE = "POST /api/ciphers/{id}/attachment/v2";
    private static final String UPLOAD = "POST /api/ciphers/{id}/attachment/{attachment}";

    /** Makes the transfer of files long enough to be looked at; longer for the pictures of the documents. */
    private static final Duration UPLOAD_TAKES =
            Pictures.areForTheDocuments() ? Duration.ofSeconds(4) : Duration.ofSeconds(2);

    private static RunningSystem system;
    private static URI url;
    private static String key;
    private static Chromium chromium;
    private static BrowserContext visitor;

    @BeforeAll
    static void start(RunningSystem running) {
        Optional<String> reason = Chromium.whyUnavailable();
        reason.ifPresent(
                why -> System.out.println("Skipped: the dashboard was not tried in a browser, because " + why));
        assumeTrue(
                reason.isEmpty(), () -> "Skipped: the dashboard was not tried in a browser, because " + reason.get());
        system = running;
        url = running.vaultferry().url();
        key = running.vaultferry().adminKey();
        chromium = Chromium.start();
        visitor = chromium.visitor();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
            Pictures.publish();
        }
    }

    @Test
    @Order(1)
    void wrongKeyIsRefusedInWordsAndTheRightOneIsForgottenByThePage() {
        // Given
        DashboardPage dashboard = DashboardPage.open(visitor, url);
        dashboard.heading("Sign in").waitFor();
        dashboard.inspect("sign-in");

        // When
        dashboard.signIn("a wrong key");
        dashboard.awaitText("This is not the admin key.");
        String refused = dashboard.everythingOnThePage();
        Locator field = dashboard.page().getByLabel("Admin key");
        boolean fieldIsAtFault = field.getAttribute("aria-invalid").equals("true") && isFocused(field);
        // Whoever showed a wrong key has to wait a moment.
        Awaitility.await().pollInSameThread().atMost(PATIENCE).until(() -> {
            dashboard.signIn(key);
            dashboard
                    .heading("Migrations")
                    .or(dashboard.page().locator(".error:visible"))
                    .waitFor();
            return dashboard.heading("Migrations").isVisible();
        });

        // Then
        assertThat(refused).doesNotContain("a wrong key");
        assertThat(fieldIsAtFault).isTrue();
        assertThat(visitor.cookies()).singleElement().satisfies(cookie -> {
            assertThat(cookie.httpOnly).isTrue();
            assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
            assertThat(cookie.path).isEqualTo("/api/v1");
            assertThat(dashboard.everythingOnThePage()).doesNotContain(key, cookie.value);
        });
        assertThat(dashboard.complaints())
                .isNotEmpty()
                .allMatch(complaint ->
                        complaint.contains("/api/v1/session") && complaint.matches(".*status of 4(01|29).*"));
        dashboard.page().close();
    }

    @Test
    @Order(2)
    void wholeMigrationIsDrivenByMouseAndSeenLive() {
        // Given
        DashboardPage dashboard = DashboardPage.open(visitor, url);
        dashboard.awaitText("Nothing has been migrated yet.");
        dashboard.inspect("migrations-none");
        dashboard.link("Start a migration").click();
        connect(dashboard, "Source account", system.source());
        connect(dashboard, "Target account", system.target());
        dashboard.page().getByLabel("Name of the new organization").fill("Moved by hand");
        dashboard.inspect("new-migration");
        assertThat(dashboard.everythingOnThePage()).doesNotContain(RunningSystem.MASTER_PASSWORD);

        // When
        dashboard.button("Make the plan").click();
        dashboard.awaitStatus("Waits for your approval");
        String id = dashboard.page().url().replaceFirst(".*/", "");
        dashboard.page().evaluate("() => { window.neverLeft = true; }");
        dashboard.page().getByText("What moves").waitFor();
        assertThat(dashboard.number("Plan", "Items", "To move")).isPositive();
        long files = dashboard.number("Plan", "Files", "To move");
        assertThat(callsThatCreateOrganizations())
                .as("writes before the approval")
                .isZero();
        dashboard.inspect("approval");

        DashboardPage topics = DashboardPage.open(visitor, url, "#/topics");
        topics.heading("Topics").waitFor();
        // One file is not taken, so that there is an exception to see.
        system.target().addFault(Fault.once(ANNOUNCEMENT_OF_A_FILE, new Fault.Refuse(400, Duration.ZERO)));
        system.target().addFault(new Fault(UPLOAD, 1, Integer.MAX_VALUE, new Fault.Delay(UPLOAD_TAKES)));
        dashboard.button("Approve").click();
        dashboard.awaitStatus("Running");
        dashboard
                .page()
                .locator("[aria-current=step]")
                .filter(new Locator.FilterOptions().setHasText("Transfer files"))
                .filter(new Locator.FilterOptions().setHasText(Pattern.compile("\\d+ of \\d+")))
                .waitFor();
        dashboard.page().getByText("Lag of each topic").waitFor();
        dashboard.page().locator(".uplot canvas").nth(1).waitFor();
        String workers = dashboard.figure("Workers alive");
        if (Pictures.areForTheDocuments()) {
            dashboard
                    .page()
                    .locator("[aria-current=step]")
                    .getByText(Pattern.compile("^([5-9]|1\\d) of"))
                    .waitFor();
        }
        dashboard.inspect("running");
        system.target().clearFaults();
        dashboard.awaitStatus("Completed with exceptions");

        // Then
        assertThat(callsThatCreateOrganizations()).as("writes after it").isPositive();
        assertThat(workers).isEqualTo("1");
        assertThat(dashboard.page().evaluate("() => window.neverLeft"))
                .as("the page was never loaded again")
                .isEqualTo(true);
        dashboard
                .page()
                .getByText(Pattern.compile("^0 differences between both sides"))
                .waitFor();
        assertThat(dashboard.number("What became of it", "Items", "Moved")).isPositive();
        assertThat(dashboard.number("What became of it", "Items", "Quarantined"))
                .isZero();
        assertThat(dashboard.number("What became of it", "Files", "Moved"))
                .isEqualTo(files - 1)
                .isPositive();
        assertThat(dashboard.number("What became of it", "Files", "Quarantined"))
                .isOne();
        MigrationApi api = new MigrationApi(url, key);
        assertThat(api.report(id).differences()).isZero();
        assertThat(rowsOf(dashboard, "Exceptions").allTextContents())
                .singleElement(STRING)
                .contains("File", "Quarantined", "The target server refused the object.", "Transfer files")
                .contains(api.exceptions(id).getFirst().sourceId());
        dashboard.page().getByText(Pattern.compile("^History")).click();
        assertThat(rowsOf(dashboard, "History").count())
                .isGreaterThan(api.migration(id).steps().size());
        dashboard.inspect("ended");

        DashboardPage report = DashboardPage.openedBy(
                dashboard, () -> dashboard.page().getByText("Open the report").click());
        report.heading("Report of a migration").waitFor();
        report.inspect("report");

        topics.page().getByText("attachment-work").last().click();
        topics.page().getByText("Read by attachment-service").waitFor();
        assertThat(topics.figure("Attachment workers alive")).isEqualTo("1");
        assertThat(topics.figure("Dead letters held")).isEqualTo("0");
        topics.inspect("topics");

        assertThat(report.complaints()).isEmpty();
        assertThat(topics.complaints()).isEmpty();
        assertThat(dashboard.complaints())
                .as("only the connection without fields was refused")
                .allMatch(
                        complaint -> complaint.contains("/api/v1/connections") && complaint.contains("status of 422"));
        topics.page().close();
        report.page().close();
        dashboard.page().close();
    }

    @Test
    @Order(3)
    void keyboardAloneSignsInStartsAMigrationFindsItInTheListAndCancelsIt() {
        // Given
        BrowserContext another = chromium.visitor();
        DashboardPage dashboard = DashboardPage.open(another, url);
        Keyboard keyboard = new Keyboard(dashboard.page());
        dashboard.heading("Sign in").waitFor();

        // When
        keyboard.type(key);
        keyboard.press("Enter");
        dashboard.heading("Migrations").waitFor();
        List<String> order = keyboard.fromTheTop().tabTo("Sign out");
        keyboard.fromTheTop().tabTo("New migration");
        keyboard.press("Enter");
        dashboard.heading("New migration").waitFor();
        // Its first letter chooses what is in a list.
        keyboard.tabTo("Source account");
        keyboard.type("O");
        keyboard.tabTo("Target account");
        keyboard.type("N");
        keyboard.tabTo("Name of the new organization");
        keyboard.type("Moved by keyboard");
        keyboard.tabTo("Make the plan");
        keyboard.press("Enter");
        dashboard.awaitStatus("Waits for your approval");

        keyboard.fromTheTop().tabTo("Migrations");
        keyboard.press("Enter");
        dashboard.heading("Migrations").waitFor();
        dashboard.awaitText("Waits for your approval");
        dashboard.inspect("migrations");
        keyboard.tabTo(dashboard.page().locator(".cards h2").first().textContent());
        keyboard.press("Enter");
        dashboard.awaitStatus("Waits for your approval");
        keyboard.tabTo("Cancel the migration");
        keyboard.press("Enter");
        dashboard.awaitText("Cancel this migration?");
        String first = keyboard.focused();
        dashboard.inspect("question");
        keyboard.tabTo("Cancel the migration");
        keyboard.press("Enter");

        // Then
        dashboard.awaitStatus("Taken back");
        assertThat(order).containsExactly("Vaultferry", "Migrations", "New migration", "Topics", "Sign out");
        assertThat(first).as("what changes nothing has the focus").isEqualTo("Leave it");
        assertThat(keyboard.focused())
                .as("the focus is not lost with the button")
                .isEqualTo(dashboard.page().locator("h1").textContent());
        assertThat(dashboard.complaints()).isEmpty();
        another.close();
    }

    @Test
    @Order(4)
    void namesFromServersAreTextWhateverTheySay() {
        // Given
        DashboardPage dashboard = DashboardPage.open(visitor, url);
        dashboard.heading("Migrations").waitFor();
        dashboard.page().route(Pattern.compile("/api/v1/connections$"), DashboardIT::renameEverything);

        // When
        dashboard.link("New migration").click();
        dashboard.heading("New migration").waitFor();
        dashboard.page().getByLabel("Source account").selectOption(new SelectOption().setIndex(1));
        String organizations = dashboard
                .page()
                .getByLabel("Organization to move", new Page.GetByLabelOptions().setExact(true))
                .textContent();
        dashboard.link("Migrations").click();
        dashboard.heading("Migrations").waitFor();

        // Then
        assertThat(organizations).contains("<img src=x onerror=");
        assertThat(dashboard.page().locator(".cards h2").first().textContent()).contains("<img src=x onerror=");
        assertThat(dashboard.page().locator("main img").count()).isZero();
        assertThat(dashboard.complaints()).isEmpty();
        dashboard.page().close();
    }

    @Test
    @Order(5)
    void endOfASessionIsSaidAndSigningInGoesOnWhereOneWas() {
        // Given
        DashboardPage dashboard = DashboardPage.open(visitor, url, "#/new");
        dashboard.heading("New migration").waitFor();

        // When
        visitor.clearCookies();
        dashboard.link("Topics").click();
        dashboard.awaitText("The session has ended.");
        dashboard.signIn(key);
        dashboard.heading("Topics").waitFor();
        List<Cookie> cookies = visitor.cookies();
        dashboard.button("Sign out").click();
        dashboard.awaitText("You are signed out.");

        // Then
        assertThat(cookies).hasSize(1);
        assertThat(visitor.cookies()).isEmpty();
        visitor.addCookies(cookies);
        dashboard.page().reload();
        dashboard.heading("Sign in").waitFor();
        assertThat(dashboard.complaints()).allMatch(complaint -> complaint.contains("status of 401"));
        dashboard.page().close();
    }

    @Test
    @Order(6)
    void lostConnectionIsSaidAndTheViewIsLiveAgainAfterARestart() {
        // Given
        DashboardPage dashboard = DashboardPage.open(visitor, url, "#/topics");
        dashboard.signIn(key);
        dashboard.heading("Topics").waitFor();

        // When
        system.vaultferry().service("orchestrator-service").process().destroyForcibly();
        dashboard.awaitText("The connection to Vaultferry is lost.");
        // Sessions are in the memory of the orchestrator, which has ended.
        dashboard.awaitText("The session has ended.");
        dashboard.signIn(key);

        // Then
        dashboard.heading("Topics").waitFor();
        assertThat(dashboard
                        .page()
                        .getByText("The connection to Vaultferry is lost.")
                        .isVisible())
                .isFalse();
        Awaitility.await()
                .pollInSameThread()
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(dashboard.figure("Attachment workers alive")).isEqualTo("1"));
        assertThat(dashboard.complaints()).noneMatch(complaint -> complaint.contains("refused by the policy"));
        dashboard.page().close();
    }

    /** Makes a connection in the form's dialog, first without what it needs. */
    private static void connect(DashboardPage dashboard, String side, Sandbox server) {
        Page page = dashboard.page();
        page.locator(".with-button")
                .filter(new Locator.FilterOptions().setHas(page.getByLabel(side)))
                .getByRole(AriaRole.BUTTON)
                .click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        dialog.waitFor();
        if (side.startsWith("Source")) {
            dashboard.button("Connect").click();
            dialog.locator(".error:visible").first().waitFor();
            dashboard.inspect("connection");
        }
        dialog.getByLabel("Server address").fill(server.baseUrl().toString());
        Locator.GetByLabelOptions exactly = new Locator.GetByLabelOptions().setExact(true);
        dialog.getByLabel("E-mail address", exactly).fill(RunningSystem.OWNER);
        dialog.getByLabel("Master password", exactly).fill(RunningSystem.MASTER_PASSWORD);
        dashboard.button("Connect").click();
        dialog.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
        assertThat(isFocused(page.getByLabel(side)))
                .as("the focus is back in the form")
                .isTrue();
    }

    private static long callsThatCreateOrganizations() {
        return system.target().counters().entrySet().stream()
                .filter(call -> call.getKey().startsWith("POST /api/organizations "))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static Locator rowsOf(DashboardPage dashboard, String region) {
        return dashboard
                .page()
                .getByRole(
                        AriaRole.REGION,
                        new Page.GetByRoleOptions().setName(region).setExact(true))
                .locator("tbody tr");
    }

    private static void renameEverything(Route route) {
        route.fulfill(new Route.FulfillOptions()
                .setResponse(route.fetch())
                .setBody(route.fetch()
                        .text()
                        .replaceAll("\"name\":\"[^\"]*\"", "\"name\":\"<img src=x onerror=alert(1)>\"")));
    }

    private static boolean isFocused(Locator element) {
        return (boolean) element.evaluate("(it) => it === document.activeElement");
    }
}
