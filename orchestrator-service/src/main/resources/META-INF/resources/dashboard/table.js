// Tables that a narrow screen can show.
import { h, replace } from "./dom.js";

/**
 * A table. One that stacks becomes a list of blocks on a narrow screen, each cell with its column's name; the roles are said
 * because a browser forgets them when the elements are no longer laid out as a table.
 *
 * @param columns name of each, and whether it holds numbers; the first one names its row
 */
export function table({ caption, columns, stacks = false }) {
  const body = h("tbody", { role: "rowgroup" });
  const classOf = ({ number }) => (number ? "number" : null);
  const element = h(
    "table",
    { role: "table", class: stacks ? "stacks" : null },
    caption ? h("caption", {}, caption) : null,
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        columns.map((column) => h("th", { scope: "col", role: "columnheader", class: classOf(column) }, column.name)),
      ),
    ),
    body,
  );
  const row = (cells) =>
    h(
      "tr",
      { role: "row" },
      cells.map((cell, i) =>
        h(
          i === 0 ? "th" : "td",
          {
            role: i === 0 ? "rowheader" : "cell",
            scope: i === 0 ? "row" : null,
            class: classOf(columns[i]),
            "data-column": columns[i].name,
          },
          // One child of a cell, so that the column's name and the content can stand side by side.
          stacks ? h("span", {}, cell) : cell,
        ),
      ),
    );
  return {
    element,
    add: (cells) => body.append(row(cells)),
    show: (rows) => replace(body, rows.map(row)),
  };
}

/** A region that scrolls by itself, which is why the keyboard has to reach it. */
export const scrolling = (label, content) => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, content);
