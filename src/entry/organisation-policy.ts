import type { Snapshot } from "../core/domain/snapshot.ts";
import type { OrganisationPolicyKnowledge } from "../shell/github/policy-files.ts";
import type { Database } from "../shell/store/database.ts";
import {
  forgetOrganisationPolicy,
  organisationPolicyWasSeen,
  rememberOrganisationPolicy,
} from "../shell/store/organisation-policies.ts";

/** What the operator may say of the organisation's policy, in ORGANISATION_POLICY. */
export const organisationPolicyDemands = ["seen", "required", "none"] as const;

/** The operator's word on the organisation's policy; anything else than the known words is the default. */
export function organisationPolicyDemand(word: string | undefined): OrganisationPolicyKnowledge["demand"] {
  return organisationPolicyDemands.find((demand) => demand === word) ?? "seen";
}

/** What an evaluation is told of the organisation's policy beside what GitHub shows. */
export function organisationPolicyKnowledge(
  database: Database,
  demand: OrganisationPolicyKnowledge["demand"],
): OrganisationPolicyKnowledge {
  return { demand, wasSeen: (owner) => organisationPolicyWasSeen(database.kysely, owner) };
}

/** Remembers what an evaluation saw of the organisation's policy: there, or surely not. Anything else teaches nothing. */
export async function rememberOrganisation(database: Database, snapshot: Snapshot): Promise<void> {
  const { policy, repository, now } = snapshot;
  if (!policy.organisation) return;
  const { outcome } = policy.organisation.reading;
  const { owner } = repository;
  if (outcome === "present" || outcome === "refused") await rememberOrganisationPolicy(database.kysely, owner, now);
  if (outcome === "absent") await forgetOrganisationPolicy(database.kysely, owner);
}
