import { Document, isSeq, visit } from "yaml";
import { showPlace } from "../domain/problem.ts";
import { strideNames } from "../domain/stride.ts";
import type { Threat, Unlisted } from "../domain/threat.ts";
import { shortThreatId } from "../domain/threat-id.ts";
import type { ModelThreat } from "../domain/threat-model.ts";
import { blocks, entries, fence, fold } from "./blocks.ts";
import {
  code,
  join,
  link,
  type Markdown,
  md,
  ownWords,
  plainLine,
  plainLines,
  prose,
  sentence,
  text,
} from "./markdown.ts";
import { count } from "./standing.ts";
import { whyUnlisted } from "./threat-terminal.ts";

/* What `/threat explain` and `/threat stories` answer. */

const mostStories = 10;

/**
 * A threat that the library asks about: why it is asked, what to do, how to show it.
 * @param unlisted what else the library knows of the element, and why it is not asked.
 */
export function explained(threat: Threat, written: ModelThreat | undefined, unlisted: readonly Unlisted[]): Markdown {
  const { drivers, cwe, capec, asvs } = threat;
  const facts = threat.why.map(({ fact, is, where }) =>
    where ? md`${text(fact)} ${text(is)} (${code(showPlace(where))})` : md`${text(fact)} ${text(is)}`,
  );
  const because = drivers.map(
    (driver) =>
      md`${text(driver.because)} (${ownWords(driver.by > 0 ? "raises" : "lowers")} the ${ownWords(driver.raises)})`,
  );
  const references = [...cwe, ...capec, ...asvs.map((id) => `ASVS ${id}`)].map((id) => text(id));
  return blocks([
    md`${code(shortThreatId(threat.id))} **${prose(threat.title)}**: ${text(strideNames[threat.stride])}, risk **${text(threat.risk)}**, ${text(written?.status ?? threat.status)}${placeOf(threat, written)}.`,
    sentence(threat.reason),
    entries(
      [
        md`**Where:** ${code(showPlace(threat.place))}, ${prose(threat.element.name)}`,
        md`**Rule:** ${code(threat.rule)}${threat.answeredBy === undefined ? md`` : md`; answered: ${prose(threat.answeredBy)}`}`,
        ...(facts.length === 0 ? [] : [md`**Decided by:** ${join(facts, md`, `)}`]),
        md`**Risk:** impact ${text(threat.impact)}, likelihood ${text(threat.likelihood)}${inOwnWords(written)}${because.length === 0 ? md`` : md`; ${join(because, md`, `)}`}`,
        md`**Do:** ${prose(threat.countermeasure)}`,
        md`**Show:** ${prose(threat.acceptanceTest)}`,
        md`**Learn:** ${link(text(threat.training.title), threat.training.url)}${references.length === 0 ? md`` : md` · ${join(references, md`, `)}`}`,
      ],
      "marks",
    ),
    threat.sample === undefined ? undefined : fold("Sample", fence(threat.sample.language, threat.sample.code, 60)),
    whyNoOthers(unlisted),
    howToAnswer(threat.id),
  ]);
}

/** A rating that the model gives in another scale, as it is written there. */
function inOwnWords(written: ModelThreat | undefined): Markdown {
  return written?.riskStated === undefined ? md`` : md` (in the model: ${code(written.riskStated, 120)})`;
}

/** The other rules for the element, each with the facts that keep it silent. */
function whyNoOthers(unlisted: readonly Unlisted[]): Markdown | undefined {
  if (unlisted.length === 0) return undefined;
  const lines = unlisted.map((one) => md`${prose(one.title)}: ${prose(whyUnlisted(one), 300)}`);
  return fold(`Not asked of this element, and why: ${unlisted.length}`, entries(lines, "marks", 30));
}

function placeOf(threat: Threat, written: ModelThreat | undefined): Markdown {
  const place = written?.place ?? threat.statusPlace;
  return place === undefined ? md`` : md` by ${code(showPlace(place))}`;
}

/** A threat that only the model holds. */
export function explainedModel(threat: ModelThreat): Markdown {
  const stride = threat.stride.map((letter) => text(strideNames[letter]));
  return blocks([
    md`${code(shortThreatId(threat.id))} **${prose(threat.title)}**: ${stride.length === 0 ? md`no STRIDE category` : join(stride, md`, `)}, ${threat.risk === undefined ? md`not rated` : md`risk **${text(threat.risk)}**`}${inOwnWords(threat)}, ${text(threat.status)} by ${code(showPlace(threat.place))}.`,
    threat.description === undefined ? undefined : prose(threat.description),
    entries(
      [
        ...(threat.element === undefined ? [] : [md`**Element:** ${prose(threat.element)}`]),
        md`**Controls:** ${
          threat.controls.length === 0
            ? md`none named`
            : join(
                threat.controls.map((id) => code(id)),
                md`, `,
              )
        }`,
        ...(threat.reason === undefined ? [] : [md`**Reason:** ${prose(threat.reason)}`]),
      ],
      "marks",
    ),
    md`It stands in the model; no rule of the library derives it.`,
    howToAnswer(threat.id),
  ]);
}

function howToAnswer(id: string): Markdown {
  const short = shortThreatId(id);
  return md`Answer with ${code(`/threat mitigated ${short} by <control or path[:line]>`)}, ${code(`/threat not-applicable ${short} because <reason>`)} or, as a Security Architect, ${code(`/threat accept ${short} until <date> because <reason>`)}.`;
}

/** Stories of threats that have none in the model, as YAML to be put there. */
export function stories(threats: readonly Threat[]): Markdown {
  if (threats.length === 0) return md`No threat is open here that lacks a story.`;
  const shown = threats.slice(0, mostStories);
  const items = shown.map((threat) => {
    const { as, need, so, acceptance } = threat.story;
    const done = entries(
      acceptance.map((one) => prose(one)),
      "numbers",
    );
    return md`${code(shortThreatId(threat.id))} **As** ${prose(as)} **I need** ${prose(need)} **so that** ${prose(so)}\n\n${done}`;
  });
  return blocks([
    md`**${ownWords(count(threats.length, "open threat"))} without a story.**${threats.length > shown.length ? md` The first ${shown.length}:` : md``}`,
    ...items,
    fold("YAML to add to `threat-model.yaml`", fence("yaml", storiesYaml(shown))),
  ]);
}

function storiesYaml(threats: readonly Threat[]): string {
  const written = threats.map(({ id, story }) => ({
    id: `S-${id.replace(/^T-/, "")}`,
    threats: [id],
    as: plainLine(story.as, 300),
    need: plainLines(story.need),
    so: plainLines(story.so),
    acceptance: story.acceptance.map(plainLines),
  }));
  const document = new Document({ stories: written });
  visit(document, {
    Pair: (_, { key, value }) => {
      if (String(key) === "threats" && isSeq(value)) value.flow = true;
    },
  });
  return document.toString({ lineWidth: 100, flowCollectionPadding: false });
}
