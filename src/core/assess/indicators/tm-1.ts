import type { IndicatorVerdict } from "../../domain/assessment.ts";
import { addAThreatModel } from "../../domain/next-steps.ts";
import { type Asking, type Currency, reviewNotice, showEntry } from "../currency.ts";
import { showDays } from "../days.ts";
import type { Indicator, IndicatorFacts } from "./indicator.ts";

/** Currency: UKHSA threat-modelling standard, TM-1. */
export const indicator: Indicator = {
  id: "TM-1",
  title: "Currency",
  means: {
    GREEN: "The model was updated within 30 days of every significant change or new threat.",
    AMBER: "Something significant is not in the model for more than 30 days.",
    RED: "Something significant is not in the model for more than 60 days, its yearly review is overdue, or there is no model.",
    UNKNOWN: "The history does not say yet.",
  },
  judge,
};

function judge(facts: IndicatorFacts): IndicatorVerdict {
  const { currency, policy } = facts;
  if (currency.state === "no-model") {
    return {
      rag: "RED",
      why: `There is no threat model of ${facts.system}.`,
      next: [addAThreatModel],
    };
  }
  if (currency.state === "unknown")
    return {
      rag: "UNKNOWN",
      why: currency.why,
      next: ["Wait for the history, or update the model in a pull request."],
    };
  const isOverdue = currency.sinceReview !== undefined && currency.sinceReview > policy.currency.review;
  const verdict = isOverdue ? overdue(currency, policy.currency.review) : byAge(currency, policy.currency.review);
  return currency.verified
    ? verdict
    : { ...verdict, why: `${verdict.why.slice(0, -1)} (dates from commits, not verified by GitHub).` };
}

type Known = Extract<Currency, { state: "known" }>;

function overdue(currency: Known, review: number): IndicatorVerdict {
  return {
    rag: "RED",
    why: `The model was last updated or reviewed on ${currency.lastReview} (${showDays(currency.sinceReview ?? 0)} ago); a review is due every ${showDays(review)}.`,
    next: ["Review the whole model, update what is no longer true, and have it approved."],
  };
}

function byAge(currency: Known, review: number): IndicatorVerdict {
  const { oldest, uncovered, rag } = currency;
  if (!oldest) return current(currency, review);
  const place = oldest.entry.kind === "change" ? { place: { path: oldest.entry.path } } : {};
  const others = uncovered.length - 1;
  const more = others > 0 ? `, nor ${others === 1 ? "is 1 later one" : `are ${others} later ones`}` : "";
  return {
    rag,
    why: `${showEntry(oldest.entry, oldest.age)} is not in the model${more}.`,
    ...place,
    next: rag === "GREEN" ? [] : [nextFor(oldest.entry)],
  };
}

function nextFor(entry: Asking): string {
  const approve = "or have a Security Architect approve with `no change needed`.";
  switch (entry.kind) {
    case "change":
      return `Add ${entry.what} to the model, ${approve}`;
    case "incident":
      return `Write into the model what ${entry.reference} taught, naming it (\`issue ${entry.reference.slice(1)}\`) or the element it struck, ${approve}`;
    case "intelligence":
      return `Say in the model what ${entry.reference} means for the element, naming either; dismiss the alert on GitHub with a reason; ${approve}`;
  }
}

function current(currency: Known, review: number): IndicatorVerdict {
  const since = currency.sinceReview ?? 0;
  const isDue = since >= review - reviewNotice;
  return {
    rag: currency.rag,
    why: `Every significant change is in the model, which was last updated or reviewed on ${currency.lastReview} (${showDays(since)} ago).`,
    next: isDue ? [`Review the whole model within ${showDays(review - since)}.`] : [],
  };
}
