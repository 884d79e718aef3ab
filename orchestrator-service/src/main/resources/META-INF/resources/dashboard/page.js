// What all views share of the page: announcements, the note about a lost connection, and questions before what cannot be undone.
import { h, setText } from "./dom.js";

/** Says something to who cannot see that it changed. */
export function announce(text) {
  document.getElementById("announcement").textContent = text;
}

export function showConnection(isOpen) {
  const note = document.getElementById("connection-lost");
  setText(note, isOpen ? "" : "The connection to Vaultferry is lost. What you see may be old. Trying again…");
  note.hidden = isOpen;
}

/** Asks before something that cannot be undone; the answer that changes nothing has the focus. */
export function confirmed(question, consequence, action) {
  return new Promise((resolve) => {
    const no = h("button", { type: "button", class: "quiet", onclick: () => dialog.close("no") }, "Leave it");
    const yes = h("button", { type: "button", class: "danger", onclick: () => dialog.close("yes") }, action);
    const dialog = h(
      "dialog",
      { "aria-labelledby": "question", "aria-describedby": "consequence" },
      h("h2", { id: "question" }, question),
      h("p", { id: "consequence" }, consequence),
      h("div", { class: "buttons" }, no, yes),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
    no.focus();
  });
}
