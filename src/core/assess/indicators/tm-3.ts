import type { IndicatorVerdict, ReviewVerdict } from "../../domain/assessment.ts";
import type { Policy } from "../../domain/policy.ts";
import type { Indicator, IndicatorFacts } from "./indicator.ts";

/** Review: UKHSA threat-modelling standard, TM-3. */
export const indicator: Indicator = {
  id: "TM-3",
  title: "Review",
  means: {
    GREEN: "A peer and a Security Architect approved this commit.",
    AMBER: "Only one of the two approved this commit.",
    RED: "Neither a peer nor a Security Architect approved this commit.",
    UNKNOWN: "GitHub could not tell who may approve.",
  },
  judge,
};

function judge({ review, policy }: IndicatorFacts): IndicatorVerdict {
  const verdict = weigh(review, policy);
  const caveat = review.caveat === undefined ? "" : ` ${review.caveat}`;
  return { ...verdict, why: `${verdict.why}${caveat}` };
}

function weigh(review: ReviewVerdict, policy: Policy): IndicatorVerdict {
  const [architect] = review.architects;
  const [peer] = review.peers;
  const askArchitect = `Ask ${architectsOf(policy)} to approve this commit.`;
  const askPeer = "Ask a colleague with write access who did not contribute to approve this commit.";
  if (review.unknown !== undefined && !architect) return { rag: "UNKNOWN", why: review.unknown, next: [askArchitect] };
  if (architect && peer) {
    return {
      rag: "GREEN",
      why: `Approved by ${names(review.architects)} (Security Architect) and ${names(review.peers)} at \`${architect.commit.slice(0, 7)}\`.`,
      next: [],
    };
  }
  if (architect) {
    return {
      rag: "AMBER",
      why: `Approved by ${names(review.architects)} (Security Architect) at \`${architect.commit.slice(0, 7)}\`; no peer has approved.`,
      next: [askPeer],
    };
  }
  if (peer) {
    return {
      rag: "AMBER",
      why: `Approved by ${names(review.peers)} at \`${peer.commit.slice(0, 7)}\`; no Security Architect has approved.`,
      next: [askArchitect],
    };
  }
  const [first] = review.notCounted;
  const others = first ? ` The review of @${first.account.login} does not count: ${first.why}` : "";
  return {
    rag: "RED",
    why: `Neither a peer nor a Security Architect has approved this commit.${others}`,
    next: [askArchitect, askPeer],
  };
}

function names(approvals: ReviewVerdict["peers"]): string {
  return approvals.map(({ account }) => `@${account.login}`).join(", ");
}

function architectsOf({ architects }: Policy): string {
  const named = [
    ...architects.teams.map((team) => `team \`${team}\``),
    ...architects.users.map((user) => `@${user.split("#")[0]}`),
  ];
  return named.length > 0 ? named.join(" or ") : "a Security Architect";
}
