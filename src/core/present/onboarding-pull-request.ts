import { writeMarker } from "../domain/marker.ts";
import type { OnboardingPullRequest } from "../domain/onboarding.ts";
import { blocks, cut, entries, limits } from "./blocks.ts";
import { code, md, ownWords } from "./markdown.ts";
import {
  derivedWords,
  diagramBlock,
  notReadBlock,
  type OnboardingWords,
  onboardingIdentity,
  threatBlock,
  withheld,
} from "./onboarding-parts.ts";

/**
 * The one pull request that a repository without a threat model gets: the derived model and its diagram as files, to be
 * edited on its branch. It belongs to the team from then on: nothing is pushed to it, and it is not opened again by us.
 */
export function onboardingPullRequest(
  words: OnboardingWords,
  files: OnboardingPullRequest["files"],
): OnboardingPullRequest {
  const body = blocks([
    ownWords(writeMarker({ kind: "issue", threat: onboardingIdentity })),
    md`Threatgate was installed here and found no threat model. This adds a first one, ${derivedWords(words)}`,
    entries(
      [
        md`Read ${code("threat-model.yaml")} on this branch, and correct what is wrong: push to it, or edit it here.`,
        md`Answer its ${code("questionnaire")}, and take the ids of what is right out of ${code("drafts")}.`,
        md`The check says what is still missing. Merge when it reads as you would have written it, or close this and begin your own way.`,
      ],
      "numbers",
    ),
    diagramBlock(words),
    words.withThreats ? threatBlock(words) : withheld,
    notReadBlock(words.notRead),
    md`This is opened once, and left to you: closed, it does not come again, and nothing is pushed to its branch. The policy key ${code("onboarding")} decides whether there are any.`,
  ]);
  return {
    title: "Add a first threat model, derived from the repository's own files",
    body: cut(body, limits.comment),
    files,
  };
}
