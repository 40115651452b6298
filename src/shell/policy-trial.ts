import type { PolicyText, PolicyTexts, PolicyTrial, Snapshot, TriedPullRequest } from "../core/domain/snapshot.ts";
import { changesPolicy, isOrganisationsOwn, policyAfterMerge, withPolicyText } from "../core/policy-change.ts";
import type { Subject } from "./event.ts";
import { TryAgainLater } from "./failures.ts";
import { look, settle } from "./look.ts";
import type { Recent, World } from "./ports.ts";

/** Trials that are remembered in this process, by the head commit they are of: an event without a push tries nothing anew. */
const mostRemembered = 50;
const remembered = new WeakMap<object, Map<string, PolicyTrial>>();

/**
 * A snapshot with what a change of the policy would make of recent pull requests, where the pull request makes one. The
 * pull requests are read and judged twice, by the policy in force and by the one at the head; nothing is written. What
 * cannot be read is said, and never stands in the way of the verdict itself.
 */
export async function withPolicyTrial(subject: Subject, snapshot: Snapshot, world: World): Promise<Snapshot> {
  if (!world.trials || snapshot.pullRequest?.state !== "open" || !changesPolicy(snapshot)) return snapshot;
  const after = policyAfterMerge(snapshot);
  if (!after) return snapshot;
  const own = isOrganisationsOwn(snapshot);
  const known = remembered.get(world.memory) ?? new Map<string, PolicyTrial>();
  remembered.set(world.memory, known);
  const { organisation, repository } = snapshot.policy;
  const key = [snapshot.head, organisation?.commit, repository.commit, snapshot.repository.isPrivate].join(" ");
  const policyTrial = known.get(key) ?? (await tryOn(await recentOf(subject, snapshot, world, own), after, own, world));
  known.set(key, policyTrial);
  for (const oldest of known.keys()) {
    if (known.size <= mostRemembered) break;
    known.delete(oldest);
  }
  return { ...snapshot, policyTrial };
}

async function recentOf(subject: Subject, snapshot: Snapshot, world: World, own: boolean): Promise<Recent> {
  try {
    return (await world.trials?.recent(subject, snapshot, own)) ?? { pullRequests: [], notLooked: [] };
  } catch (error) {
    if (error instanceof TryAgainLater) throw error;
    return { pullRequests: [], notLooked: [`Recent pull requests could not be listed: ${wordsOf(error)}`] };
  }
}

async function tryOn(recent: Recent, after: PolicyText, own: boolean, world: World): Promise<PolicyTrial> {
  const tried: TriedPullRequest[] = [];
  const notLooked = [...recent.notLooked];
  for (const { subject, source } of recent.pullRequests) {
    const reference =
      subject.kind === "local" ? subject.base : `${subject.owner}/${subject.repository}#${subject.number}`;
    try {
      tried.push({ reference, ...(await judgedTwice(subject, after, own, { ...world, source })) });
    } catch (error) {
      notLooked.push(`${reference} could not be judged: ${wordsOf(error)}`);
    }
  }
  return { tried, notLooked };
}

async function judgedTwice(
  subject: Subject,
  after: PolicyText,
  own: boolean,
  world: World,
): Promise<Omit<TriedPullRequest, "reference">> {
  return judgedBothWays(
    subject,
    (texts) => texts,
    (texts) => withPolicyText(texts, after, own),
    world,
  );
}

/** One subject judged by two policies, each made from the texts that were read with it. Nothing is written. */
export async function judgedBothWays(
  subject: Subject,
  now: (texts: PolicyTexts) => PolicyTexts,
  then: (texts: PolicyTexts) => PolicyTexts,
  world: Pick<World, "source" | "judging" | "memory" | "context">,
): Promise<Omit<TriedPullRequest, "reference">> {
  const found = await look(subject, world);
  const conclude = async (policy: PolicyTexts) => {
    const asked = new Set(found.models.map(({ path }) => path));
    const snapshot = await settle(subject, { ...found, policy }, asked, world);
    return (await world.judging.judge(snapshot, world.context)).assessment;
  };
  const [was, is] = [await conclude(now(found.policy)), await conclude(then(found.policy))];
  const isSame = was.conclusion === is.conclusion;
  const why = isSame ? "" : (is.reasons[0]?.says ?? "nothing stands in the way then");
  return { before: was.conclusion, after: is.conclusion, why };
}

function wordsOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
