package io.vaultferry.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** Uses a page without a mouse. Wherever the focus goes, it has to be seen. */
final class Keyboard {

    private static final String FIRST = "Skip to content";
    private static final int MOST_STOPS = 80;

    /** What people call what has the focus: its label or its text; empty when nothing has it. */
    private static final String NAME = """
            () => {
              const it = document.activeElement;
              if (it === document.body) {
                return "";
              }
              const text = it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent;
              return text.trim().replace(/\\s+/g, " ");
            }""";

    private static final String IS_SEEN = """
            () => {
              const it = document.activeElement;
              const { outlineStyle, outlineWidth } = getComputedStyle(it);
              const { top, bottom, left, right, width, height } = it.getBoundingClientRect();
              return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width > 0 && height > 0
                && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
            }""";

    private final Page page;

    Keyboard(Page page) {
        this.page = page;
    }

    void press(String key) {
        page.keyboard().press(key);
    }

    void type(String text) {
        page.keyboard().type(text);
    }

    String focused() {
        return (String) page.evaluate(NAME);
    }

    /** Goes back to what is first on the page. */
    Keyboard fromTheTop() {
        walk("Shift+Tab", FIRST);
        return this;
    }

    /** Presses Tab until something of this name has the focus, and says what had it on the way. */
    List<String> tabTo(String name) {
        return walk("Tab", name);
    }

    private List<String> walk(String key, String name) {
        List<String> visited = new ArrayList<>();
        while (visited.size() < MOST_STOPS) {
            press(key);
            visited.add(focused());
            assertThat((boolean) page.evaluate(IS_SEEN))
                    .as("the focus is seen on \"%s\"", visited.getLast())
                    .isTrue();
            if (visited.getLast().equals(name)) {
                return visited;
            }
        }
        throw new AssertionError(key + " never reached \"" + name + "\", only " + visited);
    }
}
