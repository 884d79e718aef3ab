// Form fields with their label, hint and place for an error; and the API's problems shown where they belong.
import { h, newId } from "./dom.js";

/** A labelled input. The name is the field's path in the body of the call, which is how problems name it. */
export function field({ name, label, hint, type = "text", ...attributes }) {
  const id = newId("field");
  const input = h("input", { id, name, type, ...attributes });
  return wrap(id, name, label, hint, input);
}

export function choice({ name, label, hint, options = [], ...attributes }) {
  const id = newId("field");
  const select = h("select", { id, name, ...attributes });
  setOptions(select, options);
  return wrap(id, name, label, hint, select);
}

export function setOptions(select, options) {
  const before = select.value;
  select.replaceChildren(...options.map(({ value, label }) => h("option", { value }, label)));
  if (options.some(({ value }) => value === before)) {
    select.value = before;
  }
}

function wrap(id, name, label, hint, control) {
  const hintElement = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  control.dataset.hint = hint ? `${id}-hint` : "";
  describe(control, false);
  return h("div", { class: "field" }, h("label", { for: id }, label), hintElement, control, error);
}

function describe(control, hasError) {
  const by = [control.dataset.hint, hasError ? `${control.id}-error` : ""].filter((it) => it).join(" ");
  if (by) {
    control.setAttribute("aria-describedby", by);
  } else {
    control.removeAttribute("aria-describedby");
  }
}

/** Radio buttons or checkboxes under one legend. */
export function options({ legend, type, name, items, onchange }) {
  return h(
    "fieldset",
    { class: "options", onchange },
    h("legend", {}, legend),
    items.map(({ value, label, hint, checked, itemName }) => {
      const id = newId("option");
      return h(
        "div",
        { class: "option" },
        h("input", {
          type,
          id,
          name: itemName ?? name,
          value: value ?? "on",
          checked,
          "aria-describedby": hint ? `${id}-hint` : null,
        }),
        h("label", { for: id }, label),
        hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null,
      );
    }),
  );
}

export const formError = () => h("p", { class: "notice bad form-error", role: "alert", tabindex: -1, hidden: true });

export function clearProblem(form) {
  for (const control of form.querySelectorAll("[aria-invalid]")) {
    control.removeAttribute("aria-invalid");
    describe(control, false);
  }
  for (const error of form.querySelectorAll(".error, .form-error")) {
    error.hidden = true;
    error.textContent = "";
  }
}

/** Shows each error at its field and moves the focus to the first; what names no field here stands above the buttons. */
export function showProblem(form, problem) {
  clearProblem(form);
  let first = null;
  const others = [];
  for (const { field: name, detail } of problem.errors ?? []) {
    const control = [...form.querySelectorAll("input, select")].find((it) => it.name === name && !isHidden(it));
    if (control) {
      control.setAttribute("aria-invalid", "true");
      describe(control, true);
      const error = form.querySelector(`#${control.id}-error`);
      error.textContent = detail;
      error.hidden = false;
      first ??= control;
    } else {
      others.push(detail);
    }
  }
  if (!first || others.length > 0) {
    const note = form.querySelector(".form-error");
    note.textContent = others.length > 0 ? others.join(" ") : problem.message;
    note.hidden = false;
    first ??= note;
  }
  first.focus();
}

const isHidden = (element) => element.closest("[hidden]") !== null || element.disabled;

/**
 * Makes a form call something. While it does, it cannot be sent twice. Secrets leave the page once they are sent, whatever
 * the answer is.
 */
export function onSubmit(form, send) {
  let busy = false;
  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) {
      return;
    }
    busy = true;
    clearProblem(form);
    const button = form.querySelector("button[type=submit]");
    const label = button.textContent;
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busy ?? label;
    try {
      const sending = send();
      forgetSecrets(form);
      await sending;
    } catch (problem) {
      showProblem(form, problem);
    } finally {
      busy = false;
      button.removeAttribute("aria-disabled");
      button.textContent = label;
    }
  });
}

export function forgetSecrets(form) {
  for (const secret of form.querySelectorAll("input[data-secret]")) {
    secret.value = "";
  }
}

/** A secret that the page gives away once. */
export const secretField = (definition) => field({ type: "password", "data-secret": true, spellcheck: "false", ...definition });
