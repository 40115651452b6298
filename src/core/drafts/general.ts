import type { StrideLetter } from "../domain/stride.ts";

/** Acceptance criteria that hold for any threat of a category, where the library knows no closer one. */
export interface GeneralDraft {
  readonly need: (element: string) => string;
  readonly acceptance: (element: string) => readonly string[];
  readonly test: (element: string) => string;
}

/** By STRIDE category; the last criterion of each leads back to the threat as the team wrote it. */
export const generalDrafts: Readonly<Record<StrideLetter, GeneralDraft>> = {
  S: {
    need: (element) => `every caller of ${element} to prove who it is`,
    acceptance: (element) => [
      `A request to ${element} without a valid proof of identity is refused.`,
      "A proof of identity that is expired, altered or issued for somebody else is refused.",
      "Each refusal is recorded with the time and the source.",
    ],
    test: (element) =>
      `Call ${element} without, with an expired and with somebody else's proof of identity; each call is refused.`,
  },
  T: {
    need: (element) => `${element} to accept changes only from those who may make them, and to notice others`,
    acceptance: (element) => [
      `A change of ${element} by somebody without the right to it is refused.`,
      "Data that was altered on its way or at rest is detected and not used.",
      "Each change is recorded with who made it and when.",
    ],
    test: (element) =>
      `Try to change what ${element} holds or receives without the right to it; the change is refused or detected.`,
  },
  R: {
    need: (element) => `each act on ${element} to be traceable to the one who did it`,
    acceptance: (element) => [
      `Every security-relevant act on ${element} leaves an entry with who, what, when and from where.`,
      "Those who act cannot change or delete the entries.",
      "The entries are kept for the period that the policy asks for, and can be searched.",
    ],
    test: (element) =>
      `Do each security-relevant act on ${element} once and find its entry, with the right name and time.`,
  },
  I: {
    need: (element) => `what ${element} holds to be seen only by those who may see it`,
    acceptance: (element) => [
      `A reader without the right to it gets nothing from ${element}, not even whether it exists.`,
      "The data is encrypted on its way and at rest.",
      "Error messages and logs hold none of it.",
    ],
    test: (element) =>
      `Read from ${element} as somebody without the right to it; nothing is shown, and the attempt is recorded.`,
  },
  D: {
    need: (element) => `${element} to stay usable for everybody else when one caller asks too much`,
    acceptance: (element) => [
      `A caller that exceeds its share of ${element} is slowed down or refused; others are still answered.`,
      "Size, number and duration of what one caller may ask are limited.",
      "Coming near the limit raises an alert before people notice.",
    ],
    test: (element) => `Load ${element} from one caller beyond its limit; a second caller is still answered in time.`,
  },
  E: {
    need: (element) => `${element} to do for each caller only what that caller may do`,
    acceptance: (element) => [
      `An act on ${element} that the caller has no right to is refused on the server, whatever the client shows.`,
      "Rights are granted one by one, and none comes with another by default.",
      "Each refusal is recorded with who tried what.",
    ],
    test: (element) => `Try each privileged act on ${element} with an unprivileged account; each is refused.`,
  },
};

/** For a threat that names no category. */
export const plainDraft: GeneralDraft = {
  need: (element) => `${element} to withstand this threat`,
  acceptance: (element) => [
    `What the threat describes is tried against ${element}, and fails.`,
    "The attempt is recorded with the time and the source.",
    "The check runs again with every change of what it covers.",
  ],
  test: (element) => `Try against ${element} what the threat describes; it fails, and the attempt is recorded.`,
};
