import { describe, expect, test } from "@jest/globals";
import { schema as published } from "@octokit/graphql-schema";
import { buildSchema, type FieldNode, type GraphQLSchema, Kind, parse, type SelectionSetNode, validate } from "graphql";
import { documents as commitDocuments } from "../../../src/shell/github/commits.ts";
import { mutationOf } from "../../../src/shell/github/conversation.ts";
import { documents as firstModelDocuments } from "../../../src/shell/github/first-model-branch.ts";
import { documents as queueDocuments } from "../../../src/shell/github/merge-queue.ts";
import { documents as onboardingDocuments } from "../../../src/shell/github/onboarding.ts";
import { accountsQuery, commitsQuery } from "../../../src/shell/github/people-query.ts";
import {
  filesQuery,
  headQuery,
  issuesQuery,
  listQuery,
  membersQuery,
  modelFolders,
  ownReviewsQuery,
  pagedLists,
  pullRequestQuery,
} from "../../../src/shell/github/query.ts";
import { documents as reactionDocuments } from "../../../src/shell/github/reactions.ts";
import { blobIdsQuery } from "../../../src/shell/github/renames.ts";
import { addThreadsMutation, deleteMutation, submitMutation } from "../../../src/shell/github/review-posts.ts";
import { documents as shownDocuments } from "../../../src/shell/github/shown-comments.ts";
import { documents as issueDocuments } from "../../../src/shell/trackers/github-issues.ts";

const schema: GraphQLSchema = buildSchema(published.idl, { assumeValid: true });

const place = { owner: "acme", name: "shop", number: 7 };
const full = {
  ...place,
  appId: 12,
  paths: ["package.json", 'a"}){evil}'],
  folders: modelFolders,
  teams: ["security-architects"],
  seesTeams: true,
};

const lists = Object.keys(pagedLists) as (keyof typeof pagedLists)[];

const documents: [string, string][] = [
  ["reactionsDocument", reactionDocuments.reactionsDocument],
  ["the first look", pullRequestQuery(full).document],
  [
    "the first look at nothing more",
    pullRequestQuery({ ...place, appId: null, paths: [], folders: [], teams: [], seesTeams: true }).document,
  ],
  ["the first look without teams", pullRequestQuery({ ...full, seesTeams: false }).document],
  ["files", filesQuery(place, "0".repeat(40), { paths: ["a"], folders: ["docs"], teams: ["a"] }).document],
  ["ids of contents", blobIdsQuery(place, "0".repeat(40), ["a", 'b"}']).document],
  ["teams alone", filesQuery(place, "0".repeat(40), { paths: [], folders: [], teams: ["a", "b"] }).document],
  ...lists.map((list): [string, string] => [`a page of ${list}`, listQuery(place, list, "c").document]),
  ["a page of issues", issuesQuery(place, "c").document],
  ["a page of members", membersQuery("acme", "team", "c").document],
  ["who wrote commits", commitsQuery(place, ["0".repeat(40), "1".repeat(40)]).document],
  ["whom a policy names", accountsQuery(["dana", "lee"]).document],
  ["the head", headQuery(place).document],
  ["own reviews", ownReviewsQuery(place).document],
  ["resolving and reopening", mutationOf([{ does: "resolve" }, { does: "unresolve" }])],
  ["hiding and showing", mutationOf([{ does: "hide" }, { does: "show" }, { does: "hide as duplicate" }])],
  ["submitting a review", submitMutation],
  ["throwing a review away", deleteMutation],
  ["adding threads", addThreadsMutation(2).document],
  ["newest issues", issueDocuments.newestIssues],
  ["latest comments", issueDocuments.latestComments],
  ["the merge queue", queueDocuments.mergeQueue],
  ["where a branch stands", commitDocuments.branchDocument],
  ["our own issues", onboardingDocuments.ownIssues],
  ["a commit", commitDocuments.commitDocument],
  ["our own pull request with a first model", firstModelDocuments.lookDocument],
  ["its branch", firstModelDocuments.branchDocument],
  ["its commit", firstModelDocuments.commitDocument],
  ["opening it", firstModelDocuments.openDocument],
  ["comments that were answered with a change", shownDocuments.shown],
];

describe("the GraphQL documents", () => {
  test.each(documents)("%s fits GitHub's published schema", (_, document) => {
    expect(validate(schema, parse(document)).map((error) => error.message)).toEqual([]);
  });

  test("a document that asks for what is not there is found out", () => {
    const wrong = pullRequestQuery(full).document.replace("isArchived", "isArchaic");
    expect(validate(schema, parse(wrong))).toHaveLength(1);
  });

  test("no team is asked for where the token may not see any", () => {
    const { document, variables } = pullRequestQuery({ ...full, seesTeams: false });
    expect(document).not.toMatch(/Team|onBehalfOf|slug members/);
    expect(variables).not.toHaveProperty("t0");
  });

  test("paths and slugs are variables and never part of the text", () => {
    const { document, variables } = pullRequestQuery(full);
    expect(document).not.toContain("evil");
    expect(document).not.toContain("security-architects");
    expect(variables).toMatchObject({ f1: 'a"}){evil}', t0: "security-architects" });
  });

  test("the first look costs three points by GitHub's formula", () => {
    const { document } = pullRequestQuery({ ...full, paths: Array.from({ length: 120 }, (_, index) => `f${index}`) });
    expect(Math.round(requestsOf(document) / 100)).toBe(3);
  });
});

/** Connections that a document asks for, inner ones once for each outer node: what GitHub's points are computed from. */
function requestsOf(document: string): number {
  const parsed = parse(document);
  const fragments = new Map<string, SelectionSetNode>();
  let total = 0;
  for (const definition of parsed.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }
  const walk = (set: SelectionSetNode | undefined, nodes: number): void => {
    for (const selection of set?.selections ?? []) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) walk(fragments.get(selection.name.value), nodes);
      else if (selection.kind === Kind.INLINE_FRAGMENT) walk(selection.selectionSet, nodes);
      else {
        const size = pageSize(selection);
        if (size !== undefined) total += nodes;
        walk(selection.selectionSet, size === undefined ? nodes : nodes * size);
      }
    }
  };
  for (const definition of parsed.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, 1);
  }
  return total;
}

function pageSize(field: FieldNode): number | undefined {
  const size = field.arguments?.find((argument) => argument.name.value === "first" || argument.name.value === "last");
  return size?.value.kind === Kind.INT ? Number(size.value.value) : undefined;
}
