// The frame around the views: who is signed in, which view the address names, and where the focus goes.
import { call, session } from "./api.js";
import { h, replace } from "./dom.js";
import { announce, showConnection } from "./page.js";
import { showSignIn } from "./views/sign-in.js";
import { showMigrations } from "./views/migrations.js";
import { showNewMigration } from "./views/new-migration.js";
import { showMigration } from "./views/migration.js";
import { showTopics } from "./views/topics.js";

const main = document.getElementById("main");
const navigation = document.getElementById("navigation");
const signOut = document.getElementById("sign-out");

let leave = () => {};
let shown = 0;
let signedIn = false;
let whySignIn = "";

function route() {
  const path = location.hash.replace(/^#/, "") || "/";
  const migration = /^\/migrations\/([0-9a-f-]{36})$/.exec(path);
  if (migration) {
    return { name: "migration", title: "Migration", show: (root) => showMigration(root, migration[1]) };
  }
  switch (path) {
    case "/":
      return { name: "migrations", title: "Migrations", show: showMigrations };
    case "/new":
      return { name: "new", title: "New migration", show: showNewMigration };
    case "/topics":
      return { name: "topics", title: "Topics", show: showTopics };
    default:
      return { name: "", title: "Not found", show: showNothing };
  }
}

async function showNothing(root) {
  root.append(h("h1", {}, "There is no such page"), h("p", {}, h("a", { href: "#/" }, "Go to the migrations")));
  return () => {};
}

async function show() {
  const mine = ++shown;
  leave();
  leave = () => {};
  const view = signedIn ? route() : { name: "", title: "Sign in", show: (root) => showSignIn(root, enter, whySignIn) };
  navigation.hidden = !signedIn;
  signOut.hidden = !signedIn;
  for (const link of navigation.querySelectorAll("a")) {
    if (link.dataset.view === view.name) {
      link.setAttribute("aria-current", "page");
    } else {
      link.removeAttribute("aria-current");
    }
  }
  document.title = `${view.title} · Vaultferry`;
  const root = h("div", { class: `view view-${view.name || "plain"}` });
  replace(main, h("p", { class: "muted" }, "Loading…"));
  let left;
  try {
    left = await view.show(root);
  } catch (problem) {
    replace(root, h("h1", {}, view.title), h("p", { class: "notice bad", role: "alert" }, problem.message));
    left = () => {};
  }
  if (mine !== shown) {
    left();
    return;
  }
  leave = left;
  replace(main, root);
  // A screen reader starts to read at the new view, and the next Tab goes on from there.
  const start = root.querySelector("[autofocus]") ?? root.querySelector("h1");
  if (start) {
    if (start.tagName === "H1") {
      start.tabIndex = -1;
    }
    start.focus();
  }
}

function enter() {
  signedIn = true;
  whySignIn = "";
  announce("Signed in");
  show();
}

document.addEventListener("vaultferry:signed-out", () => {
  if (signedIn) {
    signedIn = false;
    whySignIn = "The session has ended. Sign in again to go on where you were.";
    announce(whySignIn);
    show();
  }
});

signOut.addEventListener("click", async () => {
  try {
    await call("DELETE", "/api/v1/session");
  } catch (problem) {
    if (problem.status !== 401) {
      announce(`You are still signed in. ${problem.message}`);
      showConnection(false);
      return;
    }
  }
  signedIn = false;
  whySignIn = "You are signed out.";
  announce(whySignIn);
  show();
});

document.getElementById("skip").addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});

window.addEventListener("hashchange", show);

signedIn = (await session()) === true;
show();
