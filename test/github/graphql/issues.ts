import { associationOf } from "../people.ts";
import { nodeId } from "../show/node-id.ts";
import { pageOfIssue } from "../show/repositories.ts";
import type { Comment, Issue, Label, Repository } from "../world.ts";
import { actorShape, viewerAccount } from "./people.ts";
import { type Arguments, type Context, connection, type Shape, textsOf } from "./shape.ts";

/** What everything that somebody wrote has. */
export function writtenShape(context: Context, repository: Repository, comment: Comment) {
  return {
    author: () => actorShape(context, comment.author),
    authorAssociation: () => associationOf(context.world, comment.author, repository),
    body: comment.body,
    createdAt: comment.createdAt,
    updatedAt: comment.updatedAt,
    lastEditedAt: comment.editor === null ? null : comment.updatedAt,
    editor: () => actorShape(context, comment.editor),
    includesCreatedEdit: comment.editor !== null,
    viewerDidAuthor: comment.author !== null && comment.author === viewerAccount(context),
    isMinimized: comment.minimized !== undefined,
    minimizedReason: comment.minimized?.toLowerCase() ?? null,
    reactionGroups: () => reactionGroupsOf(comment),
  };
}

/** Each content once, with how many reacted so: GitHub lists those of nobody as well. */
function reactionGroupsOf({ reactions = [] }: Comment) {
  return ["THUMBS_UP", "THUMBS_DOWN", "LAUGH", "HOORAY", "CONFUSED", "HEART", "ROCKET", "EYES"].map((content) => ({
    __typename: "ReactionGroup",
    content,
    reactors: (args: Arguments) =>
      connection(
        "ReactorConnection",
        args,
        reactions.filter((one) => one.content === content),
        () => null,
      ),
  }));
}

/** What an issue and a pull request share. */
export function issueFields(context: Context, repository: Repository, issue: Issue) {
  const url = pageOfIssue(context.world, repository, issue);
  return {
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? "",
    author: () => actorShape(context, issue.author),
    authorAssociation: () => associationOf(context.world, issue.author, repository),
    viewerDidAuthor: issue.author !== null && issue.author === viewerAccount(context),
    url,
    resourcePath: new URL(url).pathname,
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    closed: issue.state === "closed",
    locked: issue.locked,
    labels: (args: Arguments) => connection("LabelConnection", args, issue.labels, labelShape, ["orderBy"]),
    assignees: (args: Arguments) =>
      connection("UserConnection", args, issue.assignees, (account) => actorShape(context, account)),
    comments: (args: Arguments) =>
      connection("IssueCommentConnection", args, issue.comments, (comment) =>
        issueCommentShape(context, repository, issue, comment),
      ),
    timelineItems: (args: Arguments) => timeline(context, issue, args),
  };
}

export function issueShape(context: Context, repository: Repository, issue: Issue): Shape {
  return {
    __typename: "Issue",
    ...issueFields(context, repository, issue),
    id: nodeId("Issue", issue.id),
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
  };
}

export function issueCommentShape(context: Context, repository: Repository, issue: Issue, comment: Comment): Shape {
  return {
    __typename: "IssueComment",
    ...writtenShape(context, repository, comment),
    id: nodeId("IssueComment", comment.id),
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    url: `${pageOfIssue(context.world, repository, issue)}#issuecomment-${comment.id}`,
  };
}

/** Closings, reopenings and labellings, in the order in which they came: the only items that the stand-in keeps. */
function timeline(context: Context, issue: Issue, args: Arguments): Shape {
  const types = textsOf(args, "itemTypes");
  const kept = ["CLOSED_EVENT", "REOPENED_EVENT", "LABELED_EVENT"];
  const unknown = (types ?? ["all items"]).filter((type) => !kept.includes(type));
  if (unknown.length > 0) throw new Error(`the stand-in keeps no timeline of ${unknown.join(", ")}`);
  const turns = issue.turns.map(({ to, by, at }) => ({
    type: to === "closed" ? "CLOSED_EVENT" : "REOPENED_EVENT",
    by,
    at,
    label: "",
  }));
  const labellings = (issue.labelled ?? []).map((one) => ({ type: "LABELED_EVENT", ...one }));
  const items = [...turns, ...labellings].filter(({ type }) => types?.includes(type));
  const kind = "head" in issue ? "PullRequestTimelineItemsConnection" : "IssueTimelineItemsConnection";
  return connection(
    kind,
    args,
    items.toSorted((one, other) => one.at.localeCompare(other.at)),
    ({ type, by, at, label }) => ({
      __typename: { CLOSED_EVENT: "ClosedEvent", REOPENED_EVENT: "ReopenedEvent" }[type] ?? "LabeledEvent",
      actor: () => actorShape(context, by),
      createdAt: at,
      ...(type === "CLOSED_EVENT" ? { stateReason: issue.stateReason?.toUpperCase() ?? null } : {}),
      ...(type === "LABELED_EVENT"
        ? { label: labelShape(issue.labels.find((one) => one.name === label) ?? goneLabel(label)) }
        : {}),
    }),
    ["itemTypes"],
  );
}

/** GitHub shows a label in an event whether or not the issue still carries it. */
function goneLabel(name: string): Label {
  return { id: 1, name, color: "ededed", description: null };
}

export function labelShape(label: Label): Shape {
  return {
    __typename: "Label",
    id: nodeId("Label", label.id),
    name: label.name,
    color: label.color,
    description: label.description,
  };
}
