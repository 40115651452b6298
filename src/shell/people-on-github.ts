/* What the dashboard needs of GitHub: who asks, and what they may read there. */

/** A person on GitHub. */
export interface Person {
  readonly id: number;
  readonly login: string;
}

/** A token by which the service asks GitHub as a signed-in person, with nothing but what both may see. */
export interface PersonToken {
  readonly token: string;
  /** When it ends, ISO instant; absent where the App's tokens do not end. */
  readonly until?: string;
  /** Renews it once, for as long as GitHub lets it. */
  readonly renewal?: string;
}

/** A token by which a program asks for somebody: whose it is, and how GitHub is asked what it may read. */
export interface ProgramToken {
  readonly person: Person;
  /**
   * `as-app`: a token of this App, as a session's. `as-person`: a classic token that may read code, by the person's own
   * list of repositories. `nothing`: it may not read private code, or GitHub does not say that it may.
   */
  readonly reads: "as-app" | "as-person" | "nothing";
}

/** A repository that a person may read. */
export interface ReadableRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

/**
 * Signing in with GitHub, and GitHub as a signed-in person sees it. Answers undefined where GitHub does not accept the code
 * or the token, or shows no such thing to this person; throws TryAgainLater where GitHub cannot be asked.
 */
export interface PeopleOnGitHub {
  /** Where a browser goes to sign in; `challenge` is that of PKCE (RFC 7636, S256). */
  signInAddress(asked: { readonly state: string; readonly challenge: string; readonly callback: string }): string;
  tokenFor(code: string, verifier: string, callback: string): Promise<PersonToken | undefined>;
  renewed(renewal: string): Promise<PersonToken | undefined>;
  /** Ends a token on GitHub's side as well. */
  end(token: string): Promise<void>;
  person(token: string): Promise<Person | undefined>;
  programToken(token: string): Promise<ProgramToken | undefined>;
  /** The owners on which the App is installed and of whose repositories the person may read some. */
  installations(token: string): Promise<readonly { readonly id: number; readonly owner: string }[] | undefined>;
  /** The repositories of an installation that the person has explicit access to, all pages of the list. */
  repositories(token: string, installation: number): Promise<readonly ReadableRepository[] | undefined>;
  /** Every repository that the person has to do with, by a token `as-person`, all pages of the list. */
  ownRepositories(token: string): Promise<readonly ReadableRepository[] | undefined>;
  /** One repository, where the person may read it and not only because everybody may. */
  repository(token: string, owner: string, name: string): Promise<ReadableRepository | undefined>;
}
