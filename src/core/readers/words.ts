import type { Rating, RiskLevel } from "../domain/risk.ts";
import { riskOfCvss, statedRating } from "../domain/risk-scales.ts";
import type { StrideLetter } from "../domain/stride.ts";
import { strideLetters } from "../domain/stride.ts";
import type { ThreatStatus } from "../domain/threat.ts";
import { isPlaceholder } from "../text/placeholders.ts";

/*
 * The words in which people and tools say a STRIDE category, a rating or a status, mapped onto ours. The raw word is
 * always kept beside the mapped one by the caller.
 */

const strideWords: readonly (readonly [StrideLetter, RegExp])[] = [
  ["S", /\bspoof|\bimpersonat|\bfalsifica[cç]|\bsuplanta|\busurpation|스푸핑|위장/i],
  ["T", /\btamper|\badultera[cç]|\bmanipulaci|\bmanipulation von|변조/i],
  ["R", /\brepudiat|\brep[uú]di|\bnon-?repudiation|\babstreit|부인/i],
  [
    "I",
    /\binfo(rmation)?(al)? ?(disclosure|leak)|\bdisclosure of info|\bdata (disclosure|leak)|\bdivulga[cç]|\bdivulgation|\brevelaci[oó]n|\boffenlegung|정보 ?(노출|유출|공개)/i,
  ],
  [
    "D",
    /\bdenial[- ]of[- ]service|\bd?dos\b|\bnega[cç][aã]o de servi|\bdenegaci[oó]n de servi|\bd[eé]ni de service|서비스 ?거부/i,
  ],
  [
    "E",
    /\belevation|\beop\b|\b(privilege|authori[sz]ation) escalation|\bescalation of privilege|\beleva[cç][aã]o de privil|\bescalada de privil|권한 ?상승/i,
  ],
];

/** STRIDE categories by name anywhere in a short text ("Spoofing", "DoS", "Elevation of privilege"), in the order S to E. */
export function strideByName(text: string): StrideLetter[] {
  const short = text.slice(0, 300);
  return strideWords.filter(([, pattern]) => pattern.test(short)).map(([letter]) => letter);
}

/** STRIDE categories of a field that holds nothing else: names, or bare letters such as `S`, `T, I` or `S/T`. */
export function strideOf(text: string): StrideLetter[] {
  const named = strideByName(text);
  if (named.length > 0) return named;
  const bare = text.replace(/[*_`]/g, "").trim();
  if (!/^[STRIDEstride](?:[\s,;/&+|-]*[STRIDEstride]){0,5}$/.test(bare)) return [];
  if (bare.length > 1 && /^[A-Za-z]+$/.test(bare) && bare !== bare.toUpperCase()) return [];
  const upper = bare.toUpperCase();
  return strideLetters.filter((letter) => upper.includes(letter));
}

const levels: readonly (readonly [RiskLevel, RegExp])[] = [
  ["critical", /\b(critical|severe|catastrophic|extreme|very[- ]high|highest|urgent|p0|cr[ií]tic[oa]|kritisch)\b/i],
  ["high", /\b(high|major|elevated|significant|p1|alt[oa]|hoch)\b/i],
  ["medium", /\b(medium|moderate|med|mid|average|p2|m[eé]di[oa]|mittel)\b/i],
  ["low", /\b(low|minor|lowest|unlikely|rare|p3|baix[oa]|baj[oa]|niedrig)\b/i],
  ["note", /\b(note|info|informational|negligible|very[- ]low|minimal|p4)\b/i],
];

/**
 * Overall risk from a word, a CVSS score or a rating in another scale ("High", "P1", "CVSS 7.5", a CVSS vector, "4x5");
 * undefined when the text rates nothing.
 */
export function riskLevelOf(text: string): RiskLevel | undefined {
  const short = text.slice(0, 120);
  if (isPlaceholder(short)) return undefined;
  const stated = statedRating(text);
  if (stated !== undefined) return stated.risk;
  if (/\bvery[- ]low\b/i.test(short)) return "note";
  for (const [level, pattern] of levels) if (pattern.test(short)) return level;
  const abroad = foreignLevel(short);
  if (abroad !== undefined) return abroad;
  const inAsia = asianLevel(short);
  if (inAsia !== undefined) return inAsia;
  const letter = /^\W*(c|h|m|l)\W*$/i.exec(short)?.[1]?.toLowerCase();
  if (letter !== undefined)
    return ({ c: "critical", h: "high", m: "medium", l: "low" } as const)[letter as "c" | "h" | "m" | "l"];
  const score = /(?:^|cvss[^0-9]{0,20})(10(?:\.0)?|\d\.\d)(?!\d|\.\d)/i.exec(short)?.[1];
  return score === undefined ? undefined : riskOfCvss(Number(score));
}

/** A rating as French, Italian, Dutch, Polish and Russian inflect it, by the stems of its words; the graver wins. */
function foreignLevel(text: string): RiskLevel | undefined {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  return foreignLevels.find(([, stems]) => words.some((word) => stems.some((stem) => word.startsWith(stem))))?.[0];
}

const foreignLevels: readonly (readonly [RiskLevel, readonly string[]])[] = [
  ["critical", ["critique", "kritiek", "krytyczn", "критич"]],
  ["high", ["élevé", "hoog", "hoge", "wysok", "высок"]],
  ["medium", ["moyen", "modéré", "gemiddeld", "matig", "średni", "средн", "умерен"]],
  ["low", ["faible", "laag", "lage", "nisk", "basso", "bassa", "низк"]],
];

/** A rating that Chinese, Japanese and Korean write in one sign or word, standing alone or before a bracket. */
function asianLevel(text: string): RiskLevel | undefined {
  const word = text.replace(/[^\p{L}(（]/gu, "").replace(/[(（].*$/, "");
  return asianLevels.find(([, pattern]) => pattern.test(word))?.[0];
}

const asianLevels: readonly (readonly [RiskLevel, RegExp])[] = [
  ["critical", /^(极高|極高|非常高|严重|嚴重|致命|重大|최상|매우높음|치명적|심각)$/u],
  ["high", /^(高|较高|較高|상|높음|높은)$/u],
  ["medium", /^(中|中等|中度|중|중간|보통)$/u],
  ["low", /^(低|较低|較低|하|낮음|낮은)$/u],
  ["note", /^(极低|極低|很低|非常低|매우낮음)$/u],
];

/** Impact or likelihood in our three words; a scale with more steps is drawn together at its ends. */
export function ratingOf(text: string): Rating | undefined {
  const short = text.slice(0, 80);
  if (/\b(almost certain|certain|frequent|very[- ]likely|likely|probable)\b/i.test(short)) return "high";
  if (/\b(possible|occasional)\b/i.test(short)) return "medium";
  const level = riskLevelOf(short);
  if (level === undefined) return undefined;
  if (level === "critical") return "high";
  return level === "note" ? "low" : level;
}

/** A number on a scale up to `top` as one of three words: thirds of the scale. */
export function ratingOfScale(value: number, top: number): Rating | undefined {
  if (!Number.isFinite(value) || value < 0 || value > top) return undefined;
  const part = value / top;
  if (part > 2 / 3) return "high";
  return part > 1 / 3 ? "medium" : "low";
}

/** A status that is nothing but a sign: a tick is done, a warning or a cross is not. */
function statusOfSign(text: string): ThreatStatus | undefined {
  if (/[⚠❌✗✘🔴🟠🟡⛔🚧]/u.test(text)) return "open";
  return /[✅✔☑🟢]/u.test(text) ? "mitigated" : undefined;
}

/** What a status word means; undefined when it says nothing of a status. Denials are looked for first. */
export function statusOf(text: string): ThreatStatus | undefined {
  const short = text.slice(0, 200);
  if (!/[\p{L}\p{N}]/u.test(short)) return statusOfSign(short);
  if (
    /\b(not (yet )?(mitigated|implemented|resolved|fixed|addressed)|unmitigated|unresolved|unchecked|open|planned|proposed|to ?do|in[- ]?progress|in[- ]?discussion|partial(ly)?|needs? ?investigation|auto ?generated|exposed|identified|deferred?|pending|not ?started|new|tbd|cannot be mitigated|can ?not be mitigated|work in progress|issue filed)\b/i.test(
      short,
    )
  )
    return "open";
  if (/\b(not ?applicable|n\/a|out[- ]of[- ]scope|false[- ]positive|not useful|by design)\b/i.test(short))
    return "not-applicable";
  if (/\b(accept(ed)?|risk[- ]accepted|tolerated?|won'?t fix)\b/i.test(short)) return "accepted";
  if (
    /\b(mitigated?|implemented|resolved|fixed|closed|done|complete[d]?|addressed|avoided|eliminated|remediated)\b/i.test(
      short,
    )
  )
    return "mitigated";
  return undefined;
}
