import { sql } from "kysely";

/** What of an owner may be looked at: the repositories that the viewer may read, by GitHub's ids, and their names. */
export interface Visible {
  readonly owner: string;
  readonly repositories: readonly { readonly id: number; readonly name: string }[];
}

/** Of what may be looked at, the repository of a name; all of it where the name is empty. GitHub's names ignore case. */
export function narrowed({ owner, repositories }: Visible, repository: string): Visible {
  const asked = repository.toLowerCase();
  if (asked === "") return { owner, repositories };
  return { owner, repositories: repositories.filter(({ name }) => name.toLowerCase() === asked) };
}

/** A condition that keeps to them. All ids are one array: a list of ten thousand placeholders is slow to parse. */
export function idsOf({ repositories }: Visible) {
  return sql<boolean>`repository_id = any(${repositories.map(({ id }) => id)}::bigint[])`;
}

/** The owner as the tables name it. */
export function ownerOf({ owner }: Visible): string {
  return owner.toLowerCase();
}
