import type { IssuePlace } from "../../core/domain/desired.ts";
import type { IssueTracker } from "../ports.ts";
import { trackers } from "./index.ts";
import type { CodeHost, Connections } from "./tracker.ts";

/** The trackers of a process as one: each step goes to the one that the policy names, or to none. */
export function openTrackers(host: CodeHost, connections: Connections = {}): IssueTracker {
  const opened = new Map(trackers.map(({ name, open }) => [name, open(host, connections)]));
  const at = (place: IssuePlace | undefined): IssueTracker | undefined => opened.get(place?.tracker ?? "github");
  return {
    observed: async (repository, place) => {
      const tracker = at(place);
      return tracker?.observed ? tracker.observed(repository, place) : { unseen: notConnected(place) };
    },
    apply: async (repository, step, place) =>
      at(place)?.apply(repository, step, place) ?? { step, outcome: "skipped", why: notConnected(place) },
  };
}

function notConnected(place: IssuePlace | undefined): string {
  return place
    ? `the policy names the tracker ${place.tracker}, to which this process is not connected (JIRA_URL)`
    : "no issue tracker is connected";
}
