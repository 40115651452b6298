import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Person, ReadableRepository } from "../people-on-github.ts";
import type { Access, ReadableOwner } from "./access.ts";
import type { ApiTokens, Refused } from "./api-token.ts";
import { message, notFound, page } from "./layout.ts";
import type { Asker } from "./session.ts";
import type { SignIn } from "./sign-in.ts";

/** A repository that the viewer may read on GitHub. `id` is GitHub's: what is stored follows it, not the name (H089). */
export interface OpenRepository extends ReadableRepository {
  readonly viewer: Person;
}

/** What of an owner the viewer may read on GitHub. */
export interface OpenOwner extends ReadableOwner {
  readonly viewer: Person;
}

/** Lets people in to what they may read on GitHub, and to nothing else (H096). */
export interface Door {
  /** Whether people can sign in at all. */
  readonly isOpen: boolean;
  /**
   * The repository that the address names (`/:owner/:name/…`), where whoever asks may read it; otherwise the answer to
   * give: to sign in, that the dashboard is off, or the same 404 as for a repository that does not exist.
   */
  repository(context: Context): Promise<OpenRepository | Response>;
  /** The same for an owner (`:owner`): what of its repositories may be read; 404 where that is nothing. */
  owner(context: Context): Promise<OpenOwner | Response>;
  /** Whoever asks, with the owners of whom they may read something; undefined for nobody; why a token is not taken. */
  viewer(
    context: Context,
  ): Promise<{ readonly viewer: Person; readonly owners: readonly string[] } | Response | undefined>;
}

/** One part of the site: adds its routes, each behind the door. */
export type Part = (routes: Hono, door: Door) => void;

/** The door of a service without sign-in: it opens nothing, and says why, alike for every address. */
export function shutDoor(why: string): Door {
  const answer = async (context: Context): Promise<Response> =>
    isApi(context)
      ? context.json({ error: "the dashboard is off", why }, 404)
      : context.html(page("The dashboard is off", message("The dashboard is off", html`<p>${why}</p>`)), 404);
  return { isOpen: false, repository: answer, owner: answer, viewer: async () => undefined };
}

/** The door of a service to which people sign in with GitHub, and programs bring a person's token to the API. */
export function openDoor(signIn: SignIn, access: Access, tokens: ApiTokens): Door {
  const askerOf = async (context: Context): Promise<Asker | Refused | undefined> =>
    (isApi(context) ? await tokens.asker(context) : undefined) ?? (await signIn.session(context));
  const within = async <Found>(
    context: Context,
    look: (asker: Asker) => Promise<Found | undefined>,
  ): Promise<(Found & { viewer: Person }) | Response> => {
    const asker = await askerOf(context);
    if (!asker) return askToSignIn(context);
    if ("status" in asker) return refused(context, asker);
    const found = await look(asker);
    if (found) return { ...found, viewer: asker.person };
    return (await access.isAccepted(asker)) ? nothingHere(context) : signInEnded(context);
  };
  const named = (context: Context, name: string): string => context.req.param(name) ?? "";
  return {
    isOpen: true,
    repository: (context) =>
      within(context, (asker) => access.repository(asker, named(context, "owner"), named(context, "name"))),
    owner: (context) => within(context, (asker) => access.owner(asker, named(context, "owner"))),
    viewer: async (context) => {
      const asker = await askerOf(context);
      if (!asker) return undefined;
      if ("status" in asker) return refused(context, asker);
      const owners = await access.owners(asker);
      return owners && { viewer: asker.person, owners };
    },
  };
}

/** Programs get a status, people the way to sign in and back again. */
export function askToSignIn(context: Context): Response {
  if (isApi(context)) return refused(context, { status: 401, error: "sign in first, or send a GitHub token" });
  return context.redirect(signInAddress(context), 302);
}

function signInAddress(context: Context): string {
  const { pathname, search } = new URL(context.req.url);
  return `/sign-in?returnTo=${encodeURIComponent(`${pathname}${search}`)}`;
}

/** GitHub does not accept the token any more: it was revoked, or the App's access was taken back. */
function signInEnded(context: Context): Response | Promise<Response> {
  if (isApi(context)) return refused(context, { status: 401, error: "GitHub does not accept this token any more" });
  const says = html`<p>GitHub does not accept it any more: it was revoked there, or has ended.</p>
    <p><a class="button" href="${signInAddress(context)}">Sign in again</a></p>`;
  return context.html(page("Sign in again", message("Your sign-in has ended", says)), 401);
}

function refused(context: Context, { status, error, retryAfter }: Refused): Response {
  if (status === 401) context.header("www-authenticate", "Bearer");
  if (retryAfter !== undefined) context.header("retry-after", String(retryAfter));
  return context.json({ error }, status);
}

/** The one answer for what is not there and for what this person may not know of. */
export function nothingHere(context: Context): Response | Promise<Response> {
  return isApi(context) ? context.json({ error: "not found" }, 404) : context.html(notFound(), 404);
}

function isApi(context: Context): boolean {
  return context.req.path.startsWith("/api/");
}
