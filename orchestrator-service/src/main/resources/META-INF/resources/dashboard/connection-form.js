// Making a connection, and renewing the credentials of one.
import { call } from "./api.js";
import { h } from "./dom.js";
import { field, formError, onSubmit, options, secretField } from "./forms.js";
import { announce } from "./page.js";

/** The fields of credentials, and a function that reads them as the API takes them. */
export function credentialFields(form) {
  const password = h(
    "div",
    { class: "fields" },
    field({ name: "credentials.email", label: "E-mail address", type: "email", autocomplete: "off" }),
    field({
      name: "credentials.totp",
      label: "Two-step login code (optional)",
      hint: "From an authenticator app, when the account asks for one.",
      inputmode: "numeric",
      autocomplete: "one-time-code",
      "data-secret": true,
    }),
  );
  const apiKey = h(
    "div",
    { class: "fields", hidden: true },
    field({
      name: "credentials.clientId",
      label: "Client id",
      hint: "Of the account's personal API key; begins with user.",
      autocomplete: "off",
      spellcheck: "false",
    }),
    secretField({ name: "credentials.clientSecret", label: "Client secret", autocomplete: "new-password" }),
  );
  const type = () => form.querySelector("input[name=credentialsType]:checked").value;
  const kinds = options({
    legend: "How to log in",
    type: "radio",
    name: "credentialsType",
    items: [
      { value: "password", label: "E-mail address and master password", checked: true },
      { value: "apiKey", label: "Personal API key", hint: "For accounts with a two-step login that is no code." },
    ],
    onchange: () => {
      password.hidden = type() !== "password";
      apiKey.hidden = type() !== "apiKey";
    },
  });
  const master = secretField({
    name: "credentials.masterPassword",
    label: "Master password",
    hint: "Opens the account's keys once, and is forgotten then.",
    // A browser that keeps the admin key would offer it here otherwise.
    autocomplete: "new-password",
  });
  const value = (name) => form.querySelector(`[name="credentials.${name}"]`).value;
  const read = () =>
    type() === "password"
      ? {
          type: "password",
          email: value("email").trim(),
          masterPassword: value("masterPassword"),
          ...(value("totp").trim() ? { totp: value("totp").trim() } : {}),
        }
      : {
          type: "apiKey",
          clientId: value("clientId").trim(),
          clientSecret: value("clientSecret").trim(),
          masterPassword: value("masterPassword"),
        };
  return { elements: [kinds, password, apiKey, master], read };
}

/** Asks for a new connection in a dialog; resolves to it, or to null when it was left. */
export function askForConnection(suggestedName) {
  return new Promise((resolve) => {
    let made = null;
    const form = h("form", { method: "dialog", class: "fields", autocomplete: "off" });
    const credentials = credentialFields(form);
    form.append(
      h("h2", { id: "connection-title" }, "Connect to an account"),
      field({ name: "name", label: "Name", hint: "What you call it here.", value: suggestedName, autocomplete: "off" }),
      field({
        name: "serverUrl",
        label: "Server address",
        type: "url",
        hint: "As the web vault is opened, for example https://vault.example.com.",
        autocomplete: "off",
        spellcheck: "false",
      }),
      ...credentials.elements,
      formError(),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, "Close"),
        h("button", { type: "submit", "data-busy": "Connecting…" }, "Connect"),
      ),
    );
    const dialog = h("dialog", { class: "wide", "aria-labelledby": "connection-title" }, form);
    const value = (name) => form.querySelector(`[name="${name}"]`).value.trim();
    onSubmit(form, async () => {
      made = await call("POST", "/api/v1/connections", {
        name: value("name"),
        serverUrl: value("serverUrl"),
        credentials: credentials.read(),
      });
      announce(`Connected to ${made.name}`);
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(made);
    });
    document.body.append(dialog);
    dialog.showModal();
    form.querySelector("[name=name]").focus();
  });
}
