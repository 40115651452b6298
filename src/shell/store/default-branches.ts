import { type Kysely, sql } from "kysely";
import type { Tables } from "../tables.ts";
import { fewOfEach, type OpenPullRequest } from "./open-pull-requests.ts";

/*
 * The default branch of each repository, by the pull request that was merged to it last. No event of GitHub's stands for a
 * default branch; where alerts or incidents change how its systems stand, that pull request lends its place.
 */

/** Migration: the latest merge of each repository, and since when alerts or incidents are to be looked at there. */
export async function addDefaultBranches(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("default_branch")
    .addColumn("repository_id", "bigint", (column) => column.primaryKey())
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("merged", "timestamptz", (column) => column.notNull())
    .addColumn("incident_label", "text", (column) => column.notNull())
    .addColumn("evidence_changed", "timestamptz")
    .execute();
}

/** A merge to the default branch. */
export interface Merged {
  readonly number: number;
  /** ISO instant. */
  readonly at: string;
  /** The label that makes an issue an incident, by the policy. */
  readonly incidentLabel: string;
}

/** Remembers a merge; one that was earlier than what is known changes nothing. */
export async function keepMerged(db: Kysely<Tables>, repositoryId: number, merged: Merged): Promise<void> {
  const values = {
    number: merged.number,
    merged: merged.at,
    incident_label: merged.incidentLabel.toLowerCase(),
  };
  await db
    .insertInto("default_branch")
    .values({ repository_id: repositoryId, ...values })
    .onConflict((conflict) =>
      conflict.column("repository_id").doUpdateSet(values).where("default_branch.merged", "<=", new Date(merged.at)),
    )
    .execute();
}

/**
 * Alerts of a repository changed, or an issue got or lost this label: its default branch is to be judged again, once
 * however many there were.
 */
export async function noteBranchEvidence(db: Kysely<Tables>, repositoryId: number, label?: string): Promise<void> {
  let update = db
    .updateTable("default_branch")
    .set({ evidence_changed: sql<Date>`now()` })
    .where("repository_id", "=", repositoryId)
    .where("evidence_changed", "is", null);
  if (label !== undefined) update = update.where("incident_label", "=", label.toLowerCase());
  await update.execute();
}

/**
 * Those whose alerts or incidents changed, the longest ago first, by the pull request that lends its place; at most so many
 * of one installation.
 */
export async function branchesWithNewEvidence(
  db: Kysely<Tables>,
  most: number,
): Promise<readonly Pick<OpenPullRequest, "repositoryId" | "number" | "installation" | "owner" | "repository">[]> {
  const rows = await db
    .selectFrom("default_branch")
    .innerJoin("repository", "repository.id", "default_branch.repository_id")
    .select(["repository.id", "repository.installation", "repository.owner", "repository.name", "number"])
    .where("evidence_changed", "is not", null)
    .where("repository.erase_after", "is", null)
    .orderBy("evidence_changed")
    .limit(5000)
    .execute();
  const all = rows.map(({ id, installation, owner, name, number }) => ({
    repositoryId: Number(id),
    number,
    installation: Number(installation),
    owner,
    repository: name,
  }));
  return fewOfEach(all, most);
}

/** It is asked for again, in the same transaction: what changes from then on is noted anew. */
export async function branchAsked(db: Kysely<Tables>, repositoryId: number): Promise<void> {
  await db
    .updateTable("default_branch")
    .set({ evidence_changed: null })
    .where("repository_id", "=", repositoryId)
    .execute();
}
