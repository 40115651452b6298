import type { Context, Hono } from "hono";
import { html } from "hono/html";
import type { Person, ReadableRepository } from "../ports.ts";
import type { Access, ReadableOwner } from "./access.ts";
import { message, notFound, page } from "./layout.ts";
import type { Session } from "./session.ts";
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
  /** Whoever is signed in, with the owners of whom they may read something; undefined for nobody. */
  viewer(context: Context): Promise<{ readonly viewer: Person; readonly owners: readonly string[] } | undefined>;
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

/** The door of a service to which people sign in with GitHub. */
export function openDoor(signIn: SignIn, access: Access): Door {
  const within = async <Found>(
    context: Context,
    look: (session: Session) => Promise<Found | undefined>,
  ): Promise<(Found & { viewer: Person }) | Response> => {
    const session = await signIn.session(context);
    if (!session) return askToSignIn(context);
    const found = await look(session);
    return found ? { ...found, viewer: session.person } : nothingHere(context);
  };
  const named = (context: Context, name: string): string => context.req.param(name) ?? "";
  return {
    isOpen: true,
    repository: (context) =>
      within(context, (session) => access.repository(session, named(context, "owner"), named(context, "name"))),
    owner: (context) => within(context, (session) => access.owner(session, named(context, "owner"))),
    viewer: async (context) => {
      const session = await signIn.session(context);
      const owners = session && (await access.owners(session));
      return session && owners ? { viewer: session.person, owners } : undefined;
    },
  };
}

/** Programs get a status, people the way to sign in and back again. */
function askToSignIn(context: Context): Response {
  if (isApi(context)) return context.json({ error: "sign in first" }, 401);
  const { pathname, search } = new URL(context.req.url);
  return context.redirect(`/sign-in?returnTo=${encodeURIComponent(`${pathname}${search}`)}`, 302);
}

/** The one answer for what is not there and for what this person may not know of. */
export function nothingHere(context: Context): Response | Promise<Response> {
  return isApi(context) ? context.json({ error: "not found" }, 404) : context.html(notFound(), 404);
}

function isApi(context: Context): boolean {
  return context.req.path.startsWith("/api/");
}
