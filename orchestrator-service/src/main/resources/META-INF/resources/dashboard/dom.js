// Elements without markup in strings: text stays text, whoever wrote it.

/** An element. Functions become listeners; true and false become boolean attributes; null and undefined are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (typeof value === "function") {
      element.addEventListener(name.replace(/^on/, ""), value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function replace(parent, ...children) {
  parent.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
}

/** Changes an element's text only when it is another one, so that a screen reader and a selection are not disturbed. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

let ids = 0;

export function newId(prefix) {
  ids += 1;
  return `${prefix}-${ids}`;
}
