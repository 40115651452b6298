import { html } from "hono/html";
import type { Part } from "./door.ts";
import { type Html, message, page } from "./layout.ts";

/** `/`: the way in. @param why what stands in the way of signing in; undefined where people can. */
export function frontPart(why: string | undefined): Part {
  return (routes, door) => {
    routes.get("/", async (context) => {
      const known = await door.viewer(context);
      if (known instanceof Response) return known;
      if (known && known.owners.length === 1)
        return context.redirect(`/orgs/${encodeURIComponent(known.owners[0] ?? "")}`, 302);
      if (!known) return context.html(page("Welcome", why === undefined ? signInBody() : offBody(why)));
      return context.html(page("Organisations", ownersBody(known.owners), { viewer: known.viewer }));
    });
  };
}

function signInBody(): Html {
  return message(
    "Threat models that keep pace with the code",
    html`<p>Sign in with GitHub to see how the systems stand that you may read there: nothing else is shown, and what you may read is asked of GitHub every few minutes.</p>
      <p><a class="button" href="/sign-in">Sign in with GitHub</a></p>
      <p class="soft">The page of a single pull request opens from its check on GitHub: follow “Details” of <code>threat-model</code>.</p>`,
  );
}

function offBody(why: string): Html {
  return message(
    "Threatgate is running",
    html`<p>The page of a pull request opens from its check on GitHub: follow “Details” of <code>threat-model</code>.</p>
      <p class="soft"><b>The dashboard is off.</b> ${why}</p>`,
  );
}

function ownersBody(owners: readonly string[]): Html {
  return message(
    "Your organisations",
    owners.length === 0
      ? html`<p>Threatgate is installed nowhere where you may read a repository.</p>`
      : html`<ul class="owners">
          ${owners.map((owner) => html`<li><a href="/orgs/${encodeURIComponent(owner)}">${owner}</a></li>`)}
        </ul>`,
  );
}
