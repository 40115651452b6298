import type { IssueTracker } from "../ports.ts";
import type { JiraAccess } from "./jira/access.ts";

/** A request as the client of the code host takes it. */
export interface TrackerCall {
  readonly what: string;
  readonly needs: string;
  readonly kind: "read" | "repeatable" | "once";
  readonly createsContent?: boolean;
  readonly accepts?: readonly number[];
}

/** The code host's interface for the repository in question, with all its manners: pace, waits, failures of ours. */
export interface CodeHost {
  /** Its REST address, by which two code hosts are told apart. */
  readonly address: { readonly rest: string };
  rest(
    route: string,
    parameters: Readonly<Record<string, unknown>>,
    call: TrackerCall,
  ): Promise<{ readonly status: number; readonly data: unknown }>;
  graphql(
    document: string,
    variables: Readonly<Record<string, unknown>>,
    call: TrackerCall,
  ): Promise<{ readonly data: Readonly<Record<string, unknown>> }>;
  wait(milliseconds: number): Promise<void>;
}

/** The trackers beside the code host that this process can reach. */
export interface Connections {
  readonly jira?: JiraAccess | undefined;
}

/**
 * A kind of issue tracker. One kind is one file in this folder, found by the generated index. What it opens carries out
 * issue steps: each leaves one issue for one threat, however often it is repeated, and an issue that cannot be written
 * is `skipped` with the reason.
 */
export interface Tracker {
  /** As a policy names it. */
  readonly name: "github" | "jira";
  /** Undefined where this process is not connected to it. */
  open(host: CodeHost, connections: Connections): IssueTracker | undefined;
}
