import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { z } from "zod";

/** A person who signed in, as their browser keeps it: encrypted, so that it can be neither read nor made there. */
export interface Session {
  /** New at every sign-in. */
  readonly id: string;
  readonly person: { readonly id: number; readonly login: string };
  readonly token: string;
  /** When the token ends, ISO instant; absent where it does not. */
  readonly tokenUntil?: string | undefined;
  readonly renewal?: string | undefined;
  /** When the session ends, whatever is done: ISO instant. */
  readonly until: string;
}

/** Whoever asks: by a session, or by a token of their own that a program brings. */
export interface Asker extends Pick<Session, "id" | "person" | "token"> {
  /** Set for a program's token that is none of this App's: what it reads is asked by the person's own list. */
  readonly readsAsPerson?: true;
}

/** A sign-in that was begun in this browser. */
export interface BegunSignIn {
  readonly state: string;
  readonly verifier: string;
  readonly returnTo: string;
  readonly until: string;
}

const sessionSchema = z.strictObject({
  id: z.string().min(20),
  person: z.strictObject({ id: z.number().int().positive(), login: z.string().min(1) }),
  token: z.string().min(1),
  tokenUntil: z.string().optional(),
  renewal: z.string().optional(),
  until: z.string(),
});
const begunSchema = z.strictObject({
  state: z.string().min(20),
  verifier: z.string().min(43),
  returnTo: z.string(),
  until: z.string(),
});

/** Seals and opens what browsers keep. The first secret seals, all of them open: so they are rotated. */
export class Seal {
  readonly #keys: readonly { readonly session: Buffer; readonly begun: Buffer }[];

  constructor(secrets: readonly string[]) {
    const key = (secret: string, use: string): Buffer =>
      Buffer.from(hkdfSync("sha256", secret, "", `threatgate ${use}`, 32));
    this.#keys = secrets.map((secret) => ({ session: key(secret, "session"), begun: key(secret, "begun sign-in") }));
  }

  session(session: Session): string {
    return seal(this.#keys[0]?.session, session);
  }

  begun(begun: BegunSignIn): string {
    return seal(this.#keys[0]?.begun, begun);
  }

  /** Undefined for what was not sealed by us, was changed, or has ended by `now` (milliseconds). */
  openSession(sealed: string | undefined, now: number): Session | undefined {
    return this.#open(sealed, "session", sessionSchema, now);
  }

  openBegun(sealed: string | undefined, now: number): BegunSignIn | undefined {
    return this.#open(sealed, "begun", begunSchema, now);
  }

  #open<Kept extends { readonly until: string }>(
    sealed: string | undefined,
    use: "session" | "begun",
    schema: z.ZodType<Kept>,
    now: number,
  ): Kept | undefined {
    if (sealed === undefined || sealed.length > 4096) return undefined;
    for (const keys of this.#keys) {
      const text = open(keys[use], sealed);
      if (text === undefined) continue;
      const kept = schema.safeParse(text);
      return kept.success && Date.parse(kept.data.until) > now ? kept.data : undefined;
    }
    return undefined;
  }
}

/** AES-256 in Galois/Counter Mode: a nonce of 96 bits, the cipher text, a tag of 128 bits; base64url. */
function seal(key: Buffer | undefined, value: unknown): string {
  if (!key) throw new Error("There is no secret to seal sessions with.");
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const text = Buffer.concat([cipher.update(JSON.stringify(value), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString("base64url");
}

function open(key: Buffer, sealed: string): unknown {
  const bytes = Buffer.from(sealed, "base64url");
  if (bytes.length < 29) return undefined;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** A value that nobody can guess. */
export function unguessable(): string {
  return randomBytes(32).toString("base64url");
}

/** PKCE's challenge of a verifier: RFC 7636, section 4.2, S256. */
export function challengeOf(verifier: string): string {
  return createHash("sha256").update(verifier).digest("base64url");
}

/** A path of this site to return to after signing in; anything else leads to the first page (H097). */
export function ownPath(given: string | undefined): string {
  if (given === undefined || given.length > 1000 || !given.startsWith("/")) return "/";
  // Browsers take `//host`, `/\host` and control characters before them for the address of another site.
  if (/^\/[/\\]/.test(given) || /[\p{Cc}\\]/u.test(given)) return "/";
  const address = new URL(given, "http://here.invalid");
  return address.origin === "http://here.invalid" ? `${address.pathname}${address.search}` : "/";
}
