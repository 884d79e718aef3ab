// Calls of the REST API, with the session's cookie.

/** What the API refused: its sentence, and the fields at fault. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body.code ?? "";
    this.errors = body.errors ?? [];
  }
}

export async function call(method, path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      // The header proves that a page of this origin asks: another page cannot set it.
      headers: {
        Accept: "application/json",
        "X-Vaultferry-Request": "1",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, { detail: "Vaultferry does not answer. Is it running?" });
  }
  if (answer.ok) {
    return answer.status === 204 ? null : answer.json();
  }
  let problem = {};
  try {
    problem = await answer.json();
  } catch {
    // Something between here and Vaultferry answered; the status has to do.
  }
  if (answer.status === 401 && path !== "/api/v1/session") {
    signedOut();
  }
  throw new Problem(answer.status, problem);
}

export const get = (path) => call("GET", path);

/** Whether somebody is signed in; null when Vaultferry does not answer. */
export async function session() {
  try {
    return (await get("/api/v1/session")).signedIn;
  } catch {
    return null;
  }
}

const signedOut = () => document.dispatchEvent(new Event("vaultferry:signed-out"));

/**
 * Server-sent events until the function that is returned is called. The browser connects again by itself after a lost
 * connection, but not after an answer that is no stream.
 */
export function watch(path, listeners, onState) {
  let source;
  let again;
  let closed = false;
  const open = () => {
    source = new EventSource(path);
    source.onopen = () => onState(true);
    source.onerror = async () => {
      if (closed) {
        return;
      }
      onState(false);
      if (source.readyState === EventSource.CLOSED) {
        again = setTimeout(open, 3000);
        if ((await session()) === false) {
          signedOut();
        }
      }
    };
    for (const [name, listener] of Object.entries(listeners)) {
      source.addEventListener(name, (event) => listener(JSON.parse(event.data)));
    }
  };
  open();
  return () => {
    closed = true;
    clearTimeout(again);
    source.close();
  };
}
