package io.vaultferry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One tab with the dashboard, as a person sees it, and everything that the browser complained about meanwhile. */
final class DashboardPage {

    static final int WIDE = 1280;
    static final int HIGH = 800;

    /** For a busy machine; nothing waits that long when all is well. */
    private static final double PATIENCE_MILLIS = 3 * 60_000;

    private static final int NARROW = 390;
    private static final int NARROW_HIGH = 844;

    private static final String AXE = resource("/axe.min.js");

    private static final String FIND_VIOLATIONS = """
            async () => {
              const { violations } = await axe.run(document, { resultTypes: ["violations"] });
              return violations.map(({ id, impact, nodes }) =>
                `${id} (${impact}): ${nodes.map((it) => it.html).join(" | ")}`);
            }""";

    private final Page page;
    private final URI url;
    private final List<String> complaints = new ArrayList<>();

    private DashboardPage(Page page, URI url) {
        this.page = page;
        this.url = url;
    }

    /** Opens the dashboard in a new tab. */
    static DashboardPage open(BrowserContext visitor, URI url) {
        return open(visitor, url, "");
    }

    /** @param view the part of the address that names a view, for example {@code #/topics} */
    static DashboardPage open(BrowserContext visitor, URI url, String view) {
        DashboardPage opened = new DashboardPage(visitor.newPage(), url);
        opened.listen();
        opened.page.navigate(url + "/" + view);
        return opened;
    }

    /** A tab that the dashboard has opened. */
    static DashboardPage openedBy(DashboardPage opener, Runnable opening) {
        DashboardPage opened = new DashboardPage(opener.page.waitForPopup(opening), opener.url);
        opened.listen();
        return opened;
    }

    private void listen() {
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        page.onRequest(request -> {
            if (!request.url().startsWith(url.toString()) && !request.url().startsWith("data:")) {
                complaints.add("asks another server: " + request.url());
            }
        });
        page.addInitScript("addEventListener('securitypolicyviolation', (violation) =>"
                + " console.error(`refused by the policy: ${violation.violatedDirective} ${violation.blockedURI}`))");
    }

    Page page() {
        return page;
    }

    /** Errors and warnings of the console, broken scripts, refusals by the content policy, calls of other servers. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING, new Page.GetByRoleOptions().setName(name).setLevel(1));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** The status of a migration, beside its name. */
    void awaitStatus(String name) {
        page.locator(".title .badge")
                .filter(new Locator.FilterOptions().setHasText(name))
                .waitFor();
    }

    void awaitText(String text) {
        page.getByText(text).first().waitFor();
    }

    /** The number under a name, among the numbers that stand first. */
    String figure(String name) {
        return page.locator(".figures div")
                .filter(new Locator.FilterOptions().setHasText(name))
                .locator("dd")
                .textContent();
    }

    /** A number of a table, by the names of its row and its column. */
    long number(String caption, String row, String column) {
        return Long.parseLong(page.locator("section, details")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.HEADING,
                                new Page.GetByRoleOptions().setName(caption).setExact(true))))
                .getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.ROWHEADER,
                                new Page.GetByRoleOptions().setName(row).setExact(true))))
                .locator("[data-column='" + column + "']")
                .textContent()
                .replace(",", ""));
    }

    void signIn(String key) {
        page.getByLabel("Admin key").fill(key);
        button("Sign in").click();
    }

    /** All that a script or a person could read on the page: its text, the contents of its fields, its address, its storage. */
    String everythingOnThePage() {
        return (String) page.evaluate("""
                () => [
                  document.documentElement.outerHTML,
                  ...[...document.querySelectorAll("input, select")].map((it) => it.value),
                  location.href,
                  document.cookie,
                  JSON.stringify(localStorage),
                  JSON.stringify(sessionStorage),
                  JSON.stringify(history.state),
                  ...performance.getEntriesByType("resource").map((it) => it.name),
                ].join("\\n")""");
    }

    /**
     * Looks at the present view as it is shown in light and dark, wide and on a phone: axe finds nothing, nothing scrolls
     * sideways, no value that only a program knows is shown. Leaves pictures.
     */
    void inspect(String view) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            String name = view + "-" + scheme.name().toLowerCase(Locale.ROOT);
            assertThat(page.locator("main").innerText())
                    .as("words of programs in %s", name)
                    .doesNotContainPattern("\\b(null|undefined|NaN|Infinity)\\b|\\[object ");
            picture(name);
            assertThat(violations()).as("axe in %s, wide", name).isEmpty();
            assertThat(overhang()).as("sideways scrolling of %s, wide", name).isZero();
            page.setViewportSize(NARROW, NARROW_HIGH);
            picture(name + "-narrow");
            assertThat(violations()).as("axe in %s, narrow", name).isEmpty();
            assertThat(overhang()).as("sideways scrolling of %s, narrow", name).isZero();
            page.setViewportSize(WIDE, HIGH);
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    }

    private void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Pictures.of(name)).setFullPage(true));
    }

    private List<?> violations() {
        // By the browser's debugger, which the page's policy does not bind.
        if (page.evaluate("() => typeof axe").equals("undefined")) {
            page.evaluate(AXE);
        }
        return (List<?>) page.evaluate(FIND_VIOLATIONS);
    }

    private int overhang() {
        return (int) page.evaluate("() => Math.max(0, document.documentElement.scrollWidth - innerWidth)");
    }

    private static String resource(String name) {
        try (InputStream in = DashboardPage.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
