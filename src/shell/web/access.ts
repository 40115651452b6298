import type { PeopleOnGitHub, ReadableRepository } from "../people-on-github.ts";
import type { Asker } from "./session.ts";

/** How long GitHub's answer to what a person may read is believed. */
const believed = 5 * 60_000;
/** Most answers that are remembered. */
const mostRemembered = 2000;

/** The repositories of one owner that a person may read. */
export interface ReadableOwner {
  readonly owner: string;
  readonly repositories: readonly ReadableRepository[];
}

/** What each signed-in person may read on GitHub, asked with their own token, and believed for five minutes (H096). */
export class Access {
  readonly #people: PeopleOnGitHub;
  readonly #now: () => number;
  readonly #answers = new Map<string, { readonly answer: Promise<unknown>; readonly until: number }>();

  constructor(people: PeopleOnGitHub, now: () => number = Date.now) {
    this.#people = people;
    this.#now = now;
  }

  /** Logins of the owners where the person may read something, by name. Undefined: GitHub does not accept the token. */
  async owners(asker: Asker): Promise<readonly string[] | undefined> {
    if (asker.readsAsPerson) {
      const own = await this.#own(asker);
      return (
        own && [...new Set(own.map(({ owner }) => owner))].toSorted((one, other) => one.localeCompare(other, "en"))
      );
    }
    const installations = await this.#installations(asker);
    return installations?.map(({ owner }) => owner).toSorted((one, other) => one.localeCompare(other, "en"));
  }

  /** What the person may read of one owner; undefined where that is nothing, or the owner does not exist. */
  async owner(asker: Asker, owner: string): Promise<ReadableOwner | undefined> {
    if (asker.readsAsPerson) {
      const own = await this.#own(asker);
      const repositories = own?.filter((one) => one.owner.toLowerCase() === owner.toLowerCase()) ?? [];
      return repositories[0] && { owner: repositories[0].owner, repositories };
    }
    const installations = await this.#installations(asker);
    const found = installations?.find((one) => one.owner.toLowerCase() === owner.toLowerCase());
    if (!found) return undefined;
    const repositories = await this.#remember(`${asker.id}\u0000of\u0000${found.id}`, () =>
      this.#people.repositories(asker.token, found.id),
    );
    return repositories && repositories.length > 0 ? { owner: found.owner, repositories } : undefined;
  }

  /** One repository, asked for by itself; undefined where the person may not read it, or it does not exist. */
  async repository(asker: Asker, owner: string, name: string): Promise<ReadableRepository | undefined> {
    const key = `${asker.id}\u0000one\u0000${owner.toLowerCase()}/${name.toLowerCase()}`;
    const found = await this.#remember(key, () => this.#people.repository(asker.token, owner, name));
    if (found) return found;
    // A public repository of which this person is a mere member of the organisation stands in the list alone.
    const all = await this.owner(asker, owner);
    return all?.repositories.find((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  /** Whether GitHub still accepts the token: asked now, and only where nothing was found. */
  async isAccepted(asker: Asker): Promise<boolean> {
    return (await this.#people.person(asker.token)) !== undefined;
  }

  /** What was believed of a session is believed no more. */
  forget(asker: Asker): void {
    for (const key of this.#answers.keys()) if (key.startsWith(`${asker.id}\u0000`)) this.#answers.delete(key);
  }

  #installations(asker: Asker) {
    return this.#remember(`${asker.id}\u0000installations`, () => this.#people.installations(asker.token));
  }

  #own(asker: Asker) {
    return this.#remember(`${asker.id}\u0000own`, () => this.#people.ownRepositories(asker.token));
  }

  #remember<Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> {
    const now = this.#now();
    const known = this.#answers.get(key);
    if (known && known.until > now) return known.answer as Promise<Answer>;
    const answer = ask();
    this.#answers.delete(key);
    this.#answers.set(key, { answer, until: now + believed });
    // What could not be asked is asked again by the next page.
    answer.catch(() => {
      if (this.#answers.get(key)?.answer === answer) this.#answers.delete(key);
    });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= mostRemembered) break;
      this.#answers.delete(oldest);
    }
    return answer;
  }
}
