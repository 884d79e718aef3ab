// Signing in with the admin key.
import { call } from "../api.js";
import { h } from "../dom.js";
import { formError, onSubmit, secretField } from "../forms.js";

/** @param why what happened before, for those who were sent here */
export async function showSignIn(root, signedIn, why) {
  const form = h("form", { class: "card fields narrow" });
  form.append(
    h("h1", {}, "Sign in"),
    ...(why ? [h("p", { class: "notice", role: "status" }, why)] : []),
    secretField({
      name: "key",
      label: "Admin key",
      hint: "./ferry up keeps it in DIR/admin.key.",
      autocomplete: "current-password",
      autofocus: true,
      required: true,
    }),
    formError(),
    h("div", { class: "buttons" }, h("button", { type: "submit", "data-busy": "Signing in…" }, "Sign in")),
  );
  onSubmit(form, async () => {
    await call("POST", "/api/v1/session", { key: form.querySelector("[name=key]").value });
    signedIn();
  });
  root.append(form);
  return () => {};
}
