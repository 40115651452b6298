import type { ReviewVerdict } from "../domain/assessment.ts";
import type { Policy } from "../domain/policy.ts";
import type { Account, PullRequestFacts, Review, Snapshot, TeamReading } from "../domain/snapshot.ts";
import { isSubstantive } from "../text/placeholders.ts";
import { dayOf } from "./days.ts";

/** Who approved the head commit, and what else a formal review said. */
export interface ReviewStanding {
  readonly verdict: ReviewVerdict;
  /** An architect's approval at the head says that the model needs no change. */
  readonly noChangeNeeded: boolean;
  /** An architect's approval at the head gives a reason in its own words. */
  readonly architectsReason?: string;
  readonly waiver?: { readonly by: Account; readonly until: string; readonly because: string };
}

type Named = Policy["architects"];

/** Whether an account belongs to a group of the policy, as far as GitHub could tell. */
type Membership = "yes" | "no" | { readonly unknown: string } | { readonly impostor: string };

/**
 * Which approvals count: the latest decisive review of a person (by GitHub's account type, never by the shape of the
 * login), given to exactly the head commit, by somebody who neither opened nor contributed to the pull request. All
 * others are listed with the reason. When GitHub could not tell who is an architect, `unknown` says so and nothing is
 * assumed.
 * @param stillStanding commits before the head whose approvals the policy lets stand, because nothing that matters came since
 */
export function reviewStanding(
  snapshot: Snapshot,
  policy: Policy,
  stillStanding: ReadonlySet<string> = new Set(),
): ReviewStanding {
  const { pullRequest } = snapshot;
  const empty = { peers: [], architects: [], notCounted: [] };
  if (!pullRequest) {
    return { verdict: { ...empty, unknown: "There are no reviews in a local checkout." }, noChangeNeeded: false };
  }
  const sorted = sortReviews(latestDecisive(pullRequest.reviews), pullRequest, snapshot, policy, stillStanding);
  const { architects, peers, notCounted, doubts, mistaken } = sorted;
  const unknown = architects.length > 0 ? undefined : (architectsUnknown(snapshot, policy) ?? doubts[0]);
  const verdict: ReviewVerdict = {
    // Somebody counts once: a second architect may stand for the peer, the first may not.
    peers: (peers.length > 0 ? peers : architects.slice(1)).map(shown),
    architects: architects.map(shown),
    notCounted,
    ...(unknown !== undefined && { unknown }),
    ...caveatOf(pullRequest, mistaken, [...architects, ...peers].length > 0),
  };
  const bodies = architects.map(({ author, commit, body = "" }) => ({ author, commit, body }));
  // A waiver lets one commit through, whatever becomes of the approval.
  const atHead = bodies.filter(({ commit }) => commit === snapshot.head);
  const waiver = atHead.flatMap(({ author, body }) => waiverIn(body, author, snapshot.now, policy) ?? [])[0];
  const reason = bodies.map(({ body }) => body.trim()).find((body) => isSubstantive(body, 3));
  return {
    verdict,
    noChangeNeeded: bodies.some(({ body }) => /^\s*no change (is )?needed\b/im.test(body)),
    ...(reason !== undefined && { architectsReason: reason }),
    ...(waiver && { waiver }),
  };
}

interface Counted {
  readonly author: Account;
  readonly commit: string;
  readonly body?: string;
}

function shown({ author, commit }: Counted): { account: Account; commit: string } {
  return { account: author, commit };
}

function sortReviews(
  reviews: readonly Review[],
  pullRequest: PullRequestFacts,
  snapshot: Snapshot,
  policy: Policy,
  stillStanding: ReadonlySet<string>,
) {
  const architects: Counted[] = [];
  const peers: Counted[] = [];
  const notCounted: { account: Account; why: string }[] = [];
  const doubts: string[] = [];
  const mistaken: string[] = [];
  for (const review of reviews) {
    const { author } = review;
    if (!author) continue;
    const stands = review.commit !== undefined && stillStanding.has(review.commit);
    const at = stands ? (review.commit ?? snapshot.head) : snapshot.head;
    const why = faultOf(review, author, pullRequest, at);
    if (why !== undefined) {
      notCounted.push({ account: author, why });
      continue;
    }
    const counted = { author, commit: at, ...(review.body !== undefined && { body: review.body }) };
    const asArchitect = membership(author, policy.architects, snapshot);
    const asPeer = peerMembership(review, author, snapshot, policy);
    if (asArchitect === "yes" && review.editedBy !== undefined)
      mistaken.push(
        `The words of @${author.login}'s review were edited by ${review.editedBy === "" ? "somebody else" : `@${review.editedBy}`} and count for nothing.`,
      );
    if (asArchitect === "yes") architects.push(counted);
    else if (asPeer === "yes") peers.push(counted);
    if (typeof asArchitect === "object" && "impostor" in asArchitect && asPeer === "yes")
      mistaken.push(`@${author.login} is no Security Architect: ${asArchitect.impostor}`);
    if (typeof asArchitect === "object" && "unknown" in asArchitect) doubts.push(asArchitect.unknown);
    if (asArchitect === "yes" || asPeer === "yes") continue;
    notCounted.push({ account: author, why: whyNeither(asArchitect, asPeer) });
  }
  return { architects, peers, notCounted, doubts, mistaken };
}

function whyNeither(asArchitect: Membership, asPeer: Membership): string {
  for (const membership of [asArchitect, asPeer]) {
    if (typeof membership === "object") return "impostor" in membership ? membership.impostor : membership.unknown;
  }
  return "has no write access here and is no Security Architect.";
}

/** Why an approval cannot count, whoever gave it; undefined when it can. */
function faultOf(review: Review, author: Account, pullRequest: PullRequestFacts, head: string): string | undefined {
  if (review.state === "DISMISSED") return "the review was dismissed.";
  if (review.state === "CHANGES_REQUESTED") return "asked for changes.";
  if (author.type !== "User") {
    return author.type === "unknown"
      ? "GitHub does not say whether the account is a person."
      : "is not a person's account.";
  }
  if (pullRequest.author && isSame(author, pullRequest.author)) return "is the author of the pull request.";
  if (pullRequest.contributors.some((one) => isSame(author, one))) return "contributed commits to the pull request.";
  if (pushersOf(pullRequest).some((one) => isSame(author, one))) return "pushed commits of the pull request.";
  if (review.commit === undefined) return "GitHub does not say which commit was approved.";
  if (review.commit !== head) return `approved ${review.commit.slice(0, 7)}, and the head is now ${head.slice(0, 7)}.`;
  return undefined;
}

/**
 * Who or what is taken for something else, and what is not known of whose work it is. Where nobody's approval counts, nothing
 * hangs on who pushed.
 */
function caveatOf(
  { contributorsComplete, pushers }: PullRequestFacts,
  mistaken: readonly string[],
  isApproved: boolean,
): { caveat?: string } {
  const unread = contributorsComplete ? [] : ["Not all contributors of this pull request could be read."];
  const unknown =
    isApproved && pushers?.outcome === "unknown" ? [`Who pushed its commits is not known: ${pushers.why}.`] : [];
  const says = [...mistaken, ...unread, ...unknown];
  return says.length === 0 ? {} : { caveat: says.join(" ") };
}

function pushersOf({ pushers }: PullRequestFacts): readonly Account[] {
  return pushers?.outcome === "present" ? pushers.accounts : [];
}

function isSame(one: Account, other: Account): boolean {
  if (one.id !== undefined && other.id !== undefined) return one.id === other.id;
  return one.login.toLowerCase() === other.login.toLowerCase();
}

/** By reviewer, the last review that decides something; a plain comment decides nothing (H027). */
function latestDecisive(reviews: readonly Review[]): readonly Review[] {
  const latest = new Map<string, Review>();
  for (const review of reviews) {
    if (!review.author || review.state === "COMMENTED" || review.state === "PENDING") continue;
    const key = review.author.id === undefined ? review.author.login.toLowerCase() : `#${review.author.id}`;
    const earlier = latest.get(key);
    if (!earlier || (review.submittedAt ?? "") >= (earlier.submittedAt ?? "")) latest.set(key, review);
  }
  return [...latest.values()];
}

/** Whether an account is a Security Architect by the policy; `unknown`, with the reason, where GitHub could not tell. */
export function architectMembership(
  account: Account,
  snapshot: Snapshot,
  policy: Policy,
): "yes" | "no" | { readonly unknown: string } {
  const found = membership(account, policy.architects, snapshot);
  if (typeof found === "string") return found;
  return "unknown" in found ? found : "no";
}

/** Whether an account opened the pull request, contributed commits to it or pushed them, as far as GitHub tells. */
export function isContributor(account: Account, pullRequest: PullRequestFacts): boolean {
  return peopleBehind(pullRequest).some((one) => isSame(account, one));
}

function peopleBehind(pullRequest: PullRequestFacts): readonly Account[] {
  const { author, contributors } = pullRequest;
  return [...(author ? [author] : []), ...contributors, ...pushersOf(pullRequest)];
}

function peerMembership(review: Review, author: Account, snapshot: Snapshot, policy: Policy): Membership {
  if (policy.peers.teams.length + policy.peers.users.length > 0) return membership(author, policy.peers, snapshot);
  if (review.canPush === undefined) return { unknown: "GitHub does not say whether the account may push here." };
  return review.canPush ? "yes" : "no";
}

/**
 * Users are named by login, or by `login#id`: then the number decides, because a login can change hands (H031). Of a login
 * alone it is the number that the login had when the policy was first read, where that is remembered.
 */
function membership(account: Account, named: Named, snapshot: Snapshot): Membership {
  const login = account.login.toLowerCase();
  const remembered = new Map((snapshot.accounts ?? []).map((one) => [one.login, String(one.id)]));
  let impostor: string | undefined;
  for (const entry of named.users) {
    const [name = "", stated] = entry.split("#");
    const id = stated ?? remembered.get(name.toLowerCase());
    if (id === undefined ? name.toLowerCase() === login : String(account.id) === id) return "yes";
    if (id === undefined || name.toLowerCase() !== login) continue;
    impostor =
      stated === undefined
        ? `the policy means account ${id}, whose login this was when the policy was first read; to mean this one, write \`${account.login}#${account.id ?? "its number"}\`.`
        : `the policy means account ${id}; this one has the same login and is another.`;
  }
  let unknown: string | undefined;
  for (const team of teamsOf(named, snapshot)) {
    const reading = readingOf(team, snapshot.teams);
    if (reading.outcome === "unknown") unknown ??= `Cannot verify team \`${team}\`: ${reading.why}.`;
    else if (reading.accounts.some((member) => isSame(member, account))) return "yes";
  }
  if (impostor !== undefined) return { impostor };
  return unknown === undefined ? "no" : { unknown };
}

/** Repositories of a user have no teams. */
function teamsOf(named: Named, snapshot: Snapshot): readonly string[] {
  return snapshot.repository.ownerIsOrganisation ? named.teams : [];
}

function readingOf(team: string, teams: readonly TeamReading[]): TeamReading["members"] {
  const found = teams.find((reading) => reading.team.toLowerCase() === team.toLowerCase());
  return found?.members ?? { outcome: "unknown", why: "its members were not read" };
}

/** Why nobody can be told to be an architect, with what to do; undefined when somebody can. */
function architectsUnknown(snapshot: Snapshot, policy: Policy): string | undefined {
  const { users } = policy.architects;
  const teams = teamsOf(policy.architects, snapshot);
  if (users.length === 0 && teams.length === 0) {
    return snapshot.repository.ownerIsOrganisation
      ? "The policy names no Security Architect: set `architects` to a team or to users."
      : "The policy names no Security Architect: repositories of a user have no teams, so list them in `architects.users`.";
  }
  const readings = teams.map((team) => ({ team, members: readingOf(team, snapshot.teams) }));
  for (const { team, members } of readings) {
    if (members.outcome === "unknown") return `Cannot verify team \`${team}\`: ${members.why}.`;
  }
  const accounts = readings.flatMap(({ members }) => (members.outcome === "present" ? members.accounts : []));
  if (users.length > 0) return undefined;
  if (accounts.length === 0) {
    return `Nobody is in ${teams.map((team) => `team \`${team}\``).join(" and ")}: add a Security Architect to it.`;
  }
  const { pullRequest } = snapshot;
  const own = pullRequest ? peopleBehind(pullRequest) : [];
  if (accounts.every((account) => own.some((one) => isSame(one, account)))) {
    return "Every Security Architect contributed to this pull request: name another one in `architects`, or have it reviewed from outside the team.";
  }
  return undefined;
}

/** `waive until 2026-03-20 because production is down`, on a line of its own in an architect's approving review. */
function waiverIn(body: string, by: Account, now: string, policy: Policy): ReviewStanding["waiver"] {
  const found = /^waive until (\d{4}-\d{2}-\d{2}) because (\S.{2,500})$/im.exec(body.replaceAll("\r", ""));
  const [, until = "", because = ""] = found ?? [];
  const [end, today] = [dayOf(until), dayOf(now)];
  if (end === undefined || today === undefined || end < today || end - today > policy.acceptance.maxDays)
    return undefined;
  return isSubstantive(because) ? { by, until, because: because.trim() } : undefined;
}
