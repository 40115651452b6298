import type { Onboarding, OnboardingPullRequest } from "./domain/onboarding.ts";
import type { Rules } from "./domain/rules.ts";
import type { SeenRepository } from "./domain/seen-repository.ts";
import { type FirstModel, firstDrawingPath, firstModel, firstModelPath, worthReading } from "./first-model.ts";
import { effectivePolicy } from "./policy.ts";
import { onboardingIssue } from "./present/onboarding-issue.ts";
import { onboardingPullRequest } from "./present/onboarding-pull-request.ts";
import { isModelPath, readModel } from "./readers/read-model.ts";

/*
 * What a repository without a threat model is given on installation: joins the room that reads models, the derivation of a
 * first model, and the texts of its issue and its pull request.
 */

/** How telling a path is for onboarding: possible models first, because none is given to who has one. */
export function worthForOnboarding(path: string): number {
  return isModelPath(path) ? 4 : worthReading(path);
}

/**
 * The first model of a repository as an issue and as a pull request, or why none is opened: it has a model, or may have
 * one, or its files describe nothing that runs. In a public repository no threat stands in either, unless the policy
 * publishes them (H095).
 * @param instead why it is an issue where the policy asks for a pull request, as the end of a sentence.
 */
export function onboardingOf(seen: SeenRepository, rules: Rules, instead?: string): Onboarding {
  const { policy } = effectivePolicy(seen.policy, seen);
  const named = new Set(policy.systems.flatMap(({ model }) => model));
  const candidates = seen.texts.filter(({ path }) => isModelPath(path) || named.has(path));
  const holding = candidates.find((file) => readModel([file]).model !== undefined);
  if (holding) return { why: `it has a threat model: ${holding.path}` };
  const unread = seen.notRead.find(({ path }) => isModelPath(path) || named.has(path));
  if (unread) return { why: `${unread.path} may be its threat model, and could not be read: ${unread.reason}` };
  const withThreats = seen.isPrivate || policy.publish.openThreats;
  const first = firstModel(seen, seen.policy, rules, { withThreats });
  if (first.counts.elements === 0) return { why: "nothing that runs was found in its files" };
  const words = {
    commit: seen.commit,
    counts: first.counts,
    model: first.text,
    ...(first.diagram === undefined ? {} : { diagram: first.diagram }),
    threats: first.threats,
    moreThreats: first.moreThreats,
    withThreats,
    notRead: first.derived.notRead,
  };
  const taken = seen.paths.find((path) => path.toLowerCase() === firstModelPath);
  return {
    issue: onboardingIssue(words, instead),
    pullRequest:
      taken === undefined
        ? onboardingPullRequest(words, newFiles(first, seen.paths))
        : { why: `${taken} is there, and holds no model that can be read` },
  };
}

/** The files of a first model. A file that is there is never written over. */
function newFiles({ text, drawing }: FirstModel, paths: readonly string[]): OnboardingPullRequest["files"] {
  const isTaken = paths.some((path) => path.toLowerCase() === firstDrawingPath);
  const drawn = drawing === undefined || isTaken ? [] : [{ path: firstDrawingPath, text: drawing }];
  return [{ path: firstModelPath, text }, ...drawn];
}
