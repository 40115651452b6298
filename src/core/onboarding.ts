import type { Onboarding, OnboardingPullRequest } from "./domain/onboarding.ts";
import type { Policy } from "./domain/policy.ts";
import type { Rules } from "./domain/rules.ts";
import type { SeenRepository } from "./domain/seen-repository.ts";
import type { FileText, PolicyTexts } from "./domain/snapshot.ts";
import { type FirstModel, firstDrawingPath, firstModel, firstModelPath, worthReading } from "./first-model.ts";
import { effectivePolicy, type PolicySubject } from "./policy.ts";
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
  const mayHoldModel = modelPathsBy(policy);
  const holding = modelAmong(seen.texts, mayHoldModel);
  if (holding !== undefined) return { why: `it has a threat model: ${holding}` };
  const unread = seen.notRead.find(({ path }) => mayHoldModel(path));
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
  const taken = inTheWayOf(firstModelPath, seen.paths);
  return {
    issue: onboardingIssue(words, instead),
    pullRequest:
      taken === undefined
        ? onboardingPullRequest(words, newFiles(first, seen.paths))
        : { why: `${taken} is there, and holds no model that can be read` },
  };
}

/** Path of a file that is a threat model already, in whatever format; undefined where none of these is. */
export function existingModel(
  texts: readonly FileText[],
  policy: PolicyTexts,
  repository: PolicySubject,
): string | undefined {
  return modelAmong(texts, modelPathsBy(effectivePolicy(policy, repository).policy));
}

function modelPathsBy({ systems }: Policy): (path: string) => boolean {
  const named = new Set(systems.flatMap(({ model }) => model));
  return (path) => isModelPath(path) || named.has(path);
}

function modelAmong(texts: readonly FileText[], mayHoldModel: (path: string) => boolean): string | undefined {
  return texts.find((file) => mayHoldModel(file.path) && readModel([file]).model !== undefined)?.path;
}

/** The files of a first model. A file that is there is never written over. */
function newFiles({ text, drawing }: FirstModel, paths: readonly string[]): OnboardingPullRequest["files"] {
  const isTaken = inTheWayOf(firstDrawingPath, paths) !== undefined || mayBeSubmodule("docs", paths);
  const drawn = drawing === undefined || isTaken ? [] : [{ path: firstDrawingPath, text: drawing }];
  return [{ path: firstModelPath, text }, ...drawn];
}

/** What a new file would take the place of, whatever its case: a file of its name, a folder, or a file, link or submodule on the way. */
function inTheWayOf(wanted: string, paths: readonly string[]): string | undefined {
  const ways = wanted.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
  return paths.find((path) => {
    const there = path.toLowerCase();
    return ways.includes(there) || there.startsWith(`${wanted}/`);
  });
}

/** Paths name no submodule: where there are some, a folder of which nothing is seen may be one. */
function mayBeSubmodule(folder: string, paths: readonly string[]): boolean {
  return paths.includes(".gitmodules") && !paths.some((path) => path.startsWith(`${folder}/`));
}
