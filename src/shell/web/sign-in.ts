import type { Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import { TryAgainLater } from "../failures.ts";
import type { PeopleOnGitHub, PersonToken } from "../people-on-github.ts";
import type { Access } from "./access.ts";
import { message, page } from "./layout.ts";
import { challengeOf, ownPath, type Seal, type Session, unguessable } from "./session.ts";

/** What signing in needs. */
export interface SignInGround {
  readonly people: PeopleOnGitHub;
  readonly access: Access;
  readonly seal: Seal;
  /** Where the service is reached from outside, without a slash at its end. */
  readonly publicUrl: string;
  readonly now?: () => number;
  log(level: "info" | "warn" | "error", message: string, fields: Readonly<Record<string, unknown>>): void;
}

/** A session ends after so long, however it is used. */
const sessionHours = 12;
/** A sign-in that was begun is waited for so long. */
const signInMinutes = 10;
/** A token is renewed when it has less than this left. */
const renewBefore = 60_000;

/** Signs people in with GitHub, keeps their sessions, renews their tokens, signs them out. */
export class SignIn {
  readonly #ground: SignInGround;
  readonly #now: () => number;
  readonly #isSecure: boolean;
  /** Renewals on their way or just done, by the old renewal token: GitHub takes each of them once. */
  readonly #renewing = new Map<string, Promise<PersonToken | undefined>>();

  constructor(ground: SignInGround) {
    this.#ground = ground;
    this.#now = ground.now ?? Date.now;
    this.#isSecure = ground.publicUrl.startsWith("https:");
  }

  /** `/sign-in`, `/sign-in/callback`, `/sign-out`. */
  addRoutes(routes: Hono): void {
    routes.get("/sign-in", (context) => this.#begin(context));
    routes.get("/sign-in/callback", (context) => this.#finish(context));
    routes.post("/sign-out", (context) => this.#end(context));
  }

  /** Whoever asks; undefined where nobody is signed in. A token that is about to end is renewed first. */
  async session(context: Context): Promise<Session | undefined> {
    const session = this.#ground.seal.openSession(getCookie(context, this.#cookie("session")), this.#now());
    if (!session) return undefined;
    if (session.tokenUntil === undefined || Date.parse(session.tokenUntil) - this.#now() > renewBefore) return session;
    const renewed = session.renewal === undefined ? undefined : await this.#renew(session.renewal);
    if (!renewed) return undefined;
    const { id, person, until } = session;
    const next = { id, person, until, ...tokenPart(renewed) };
    this.#keep(context, next);
    return next;
  }

  async #begin(context: Context): Promise<Response> {
    const state = unguessable();
    const verifier = unguessable();
    const begun = {
      state,
      verifier,
      returnTo: ownPath(context.req.query("returnTo")),
      until: new Date(this.#now() + signInMinutes * 60_000).toISOString(),
    };
    setCookie(context, this.#cookie("sign-in"), this.#ground.seal.begun(begun), this.#options(signInMinutes * 60));
    const callback = this.#callback();
    return context.redirect(
      this.#ground.people.signInAddress({ state, challenge: challengeOf(verifier), callback }),
      302,
    );
  }

  async #finish(context: Context): Promise<Response> {
    const begun = this.#ground.seal.openBegun(getCookie(context, this.#cookie("sign-in")), this.#now());
    deleteCookie(context, this.#cookie("sign-in"), this.#place());
    const { state, code } = context.req.query();
    // The state proves that this browser asked for it: nobody else's sign-in is finished here (H097).
    if (!begun || state === undefined || state !== begun.state || code === undefined || code.length > 200) {
      return this.#refused(context, "This sign-in was not begun in this browser, or was waited for too long.");
    }
    const token = await this.#ground.people.tokenFor(code, begun.verifier, this.#callback());
    const person = token && (await this.#ground.people.person(token.token));
    if (!token || !person) return this.#refused(context, "GitHub did not accept the sign-in.");
    const until = new Date(this.#now() + sessionHours * 3_600_000).toISOString();
    this.#keep(context, {
      id: unguessable(),
      person: { id: person.id, login: person.login },
      until,
      ...tokenPart(token),
    });
    this.#ground.log("info", "signed in", { person: person.id });
    return context.redirect(begun.returnTo, 303);
  }

  async #end(context: Context): Promise<Response> {
    const session = this.#ground.seal.openSession(getCookie(context, this.#cookie("session")), this.#now());
    deleteCookie(context, this.#cookie("session"), this.#place());
    if (session) {
      this.#ground.access.forget(session);
      // Whoever copied the cookie cannot use its token any more either.
      await this.#ground.people.end(session.token).catch((error: unknown) => {
        if (!(error instanceof TryAgainLater)) throw error;
        this.#ground.log("warn", "a token could not be ended", { person: session.person.id });
      });
      this.#ground.log("info", "signed out", { person: session.person.id });
    }
    return context.redirect("/", 303);
  }

  #refused(context: Context, why: string): Response | Promise<Response> {
    return context.html(
      page("Not signed in", message("You are not signed in", html`<p>${why} <a href="/sign-in">Sign in again</a></p>`)),
      403,
    );
  }

  #renew(renewal: string): Promise<PersonToken | undefined> {
    const known = this.#renewing.get(renewal);
    if (known) return known;
    const renewed = this.#ground.people.renewed(renewal);
    this.#renewing.set(renewal, renewed);
    // Pages that were asked for with the old cookie still come for a while.
    setTimeout(() => this.#renewing.delete(renewal), 60_000).unref();
    renewed.catch(() => this.#renewing.delete(renewal));
    return renewed;
  }

  #keep(context: Context, session: Session): void {
    const seconds = Math.max(1, Math.floor((Date.parse(session.until) - this.#now()) / 1000));
    setCookie(context, this.#cookie("session"), this.#ground.seal.session(session), this.#options(seconds));
  }

  #callback(): string {
    return `${this.#ground.publicUrl}/sign-in/callback`;
  }

  /** With `__Host-` browsers refuse a cookie that another site of the same domain wrote. RFC 6265bis, section 4.1.3.2 */
  #cookie(name: string): string {
    return `${this.#isSecure ? "__Host-" : ""}threatgate-${name}`;
  }

  #place() {
    return { path: "/", secure: this.#isSecure } as const;
  }

  #options(seconds: number) {
    return { ...this.#place(), httpOnly: true, sameSite: "Lax", maxAge: seconds } as const;
  }
}

function tokenPart({ token, until, renewal }: PersonToken): Pick<Session, "token" | "tokenUntil" | "renewal"> {
  return {
    token,
    ...(until === undefined ? {} : { tokenUntil: until }),
    ...(renewal === undefined ? {} : { renewal }),
  };
}
