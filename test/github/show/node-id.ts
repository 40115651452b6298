const prefixes = {
  User: "U",
  Bot: "BOT",
  Organization: "O",
  Repository: "R",
  PullRequest: "PR",
  PullRequestReview: "PRR",
  PullRequestReviewThread: "PRRT",
  PullRequestReviewComment: "PRRC",
  Issue: "I",
  IssueComment: "IC",
  Label: "LA",
  CheckRun: "CR",
  CheckSuite: "CS",
  Team: "T",
  App: "A",
  Installation: "IN",
  Commit: "C",
  Tree: "TR",
  Blob: "B",
  Ref: "REF",
  Activity: "ACT",
  Release: "RE",
} as const;

export type NodeKind = keyof typeof prefixes;

/** The global id of an object: opaque to clients, with a prefix that tells the kind, as GitHub's ids since 2021. */
export function nodeId(kind: NodeKind, key: number | string): string {
  return `${prefixes[kind]}_${Buffer.from(`${kind}:${key}`).toString("base64url")}`;
}

/** What a global id stands for; nothing for one that this GitHub did not make. */
export function readNodeId(id: string): { readonly kind: string; readonly key: string } | undefined {
  const text = Buffer.from(id.slice(id.indexOf("_") + 1), "base64url").toString("utf8");
  const colon = text.indexOf(":");
  const kind = text.slice(0, colon);
  if (colon < 0 || !(kind in prefixes)) return undefined;
  return { kind, key: text.slice(colon + 1) };
}
