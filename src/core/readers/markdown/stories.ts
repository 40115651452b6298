import { shortDigest } from "../../domain/threat-id.ts";
import type { ModelStory } from "../../domain/threat-model.ts";
import { isSubstantive } from "../../text/placeholders.ts";
import type { Entry } from "./entries.ts";
import { allSections, type Section } from "./sections.ts";

/** "As a … I need … so that …" wherever it stands, with the criteria and the work item under it. */
export function storiesIn(top: Section, path: string): ModelStory[] {
  return allSections(top).flatMap((section) =>
    section.blocks.flatMap((block) =>
      block.kind === "entries" ? block.entries.flatMap((entry) => storyOf(entry, block.entries, path)) : [],
    ),
  );
}

const storyStart = /\bas an? ([^,.]{2,80}?)[,\s]{1,4}i (?:need|want|must be able|would like)\b(?: to)?\s{1,4}/i;

function storyOf(entry: Entry, siblings: readonly Entry[], path: string): ModelStory[] {
  const text = `${entry.label === undefined ? "" : `${entry.label}: `}${entry.text}`.slice(0, 1_200);
  const start = storyStart.exec(text);
  if (start === null || /attacker|adversary|malicious|hacker/i.test(start[1] ?? "")) return [];
  const rest = text.slice(start.index + start[0].length);
  const reason = /[,\s]{1,4}so (?:that|i can)\s{1,4}/i.exec(rest);
  const need = (reason === null ? rest : rest.slice(0, reason.index)).trim();
  const so = reason === null ? undefined : rest.slice(reason.index + reason[0].length).trim();
  const later = siblings.slice(siblings.indexOf(entry) + 1, siblings.indexOf(entry) + 6);
  const criteria = [...entry.entries, ...later].find(
    ({ label }) => label !== undefined && /acceptance|criteria/i.test(label),
  );
  const acceptance =
    criteria === undefined
      ? entry.entries.map((nested) => nested.text)
      : [criteria.text, ...criteria.entries.map((nested) => nested.text)];
  const whole = allText(entry).slice(0, 5_000);
  const issue = /(https?:\/\/\S{1,300}\/(?:issues|browse)\/[\w-]+|(?:^|\s)#\d+\b|\b[A-Z][A-Z0-9]{1,9}-\d+\b)/
    .exec(whole)?.[1]
    ?.trim();
  return [
    {
      id: `story-${shortDigest(text, 10)}`,
      threats: [...new Set(whole.match(/\b(?:T-[0-9a-z]{10,20}|[A-Z]{1,8}-?\d{1,4}(?:-[STRIDE])?)\b/g) ?? [])].slice(
        0,
        20,
      ),
      as: (start[1] ?? "").trim(),
      need,
      ...(so === undefined || so === "" ? {} : { so }),
      acceptance: acceptance.filter((criterion) => isSubstantive(criterion, 3)),
      ...(issue === undefined ? {} : { issue }),
      place: { path, line: entry.line },
    },
  ];
}

function allText(entry: Entry): string {
  return [entry.label ?? "", entry.text, ...entry.entries.map(allText)].join(" ");
}
