import { speaksOf } from "./languages.ts";

/** What a column of a table holds, told by its header. */
export type ColumnKind =
  /** Threats that the row speaks of without being one: what a control answers, a number in a catalogue. */
  | "threats-named"
  | "id"
  | "stride"
  | "threat"
  | "description"
  | "mitigation"
  | "impact"
  | "likelihood"
  | "risk"
  | "status"
  | "element"
  | "test"
  | "ticket"
  | "other";

/** Headers as teams write them, the more specific first: the first pattern that fits decides. */
const patterns: readonly (readonly [ColumnKind, RegExp])[] = [
  [
    "id",
    /^(#|id|no\.?|nr\.?|n[º°o]\.?|ref(erence)?|number|key|((threat|risk|finding|attack|abuse case|vuln(erability)?|scenario|old|new|t|tm|sec)[ -]?)+(id|#|no\.?|number)|id ?#|编号|번호)$/,
  ],
  [
    "threats-named",
    /^((related|addressed|addresses|mitigated|mitigates|covered|covers|countered|linked|mapped|owasp|asi|mitre|linddun|maestro|against)\b.*\b(threats?|risks?|attacks?|ids?|techniques?|tactics?|top ?10)|addresses|mitigates|counters|(threats?|risks?) (addressed|mitigated|covered|countered|prevented|ids|ref(erence)?s?)|cwe|capec|cve|asvs|(?:[a-z]+ ){0,3}(?:stride|categor(?:y|ies)|threats?) (?:addressed|covered|mitigated|countered|prevented))$/,
  ],
  ["threat", /^(?:threat|attacker|adversary|abuse|misuse) stor(?:y|ies)\b/],
  ["likelihood", /likelihood|probability|^l$|^p$|exploitab|ease of|frequency|probabilidade/],
  [
    "risk",
    /risk (score|level|rating)|^(overall |inherent |residual |current )?risk$|severity|priority|cvss|^(rating|score|criticality|risk)$|l ?[×x*·] ?i|i ?[×x*·] ?l|severidade|prioridade/,
  ],
  ["impact", /^(impact|i|impacts|consequences?|effects?|damage|business impact|impacto)\b/],
  [
    "test",
    /\b(tests?|test case|regression|validation|validated|verification|verified by|how (it is )?tested|evidence|acceptance (tests?|criteria))\b/,
  ],
  ["ticket", /ticket|jira|\bissues?\b|stor(y|ies)|\bnfr\b|traceab|backlog|work item|tracking/],
  [
    "status",
    /status|^state$|disposition|^(mitigated|implemented|done|addressed|resolved|open|fixed)\??$|estado|situação/,
  ],
  [
    "mitigation",
    /mitigat|who defends|defended by|controls?\b|counter-?measure|safeguard|defen[cs]e|remediation|protection|treatment|recommend|security measure|^(enforce(d|able) )?checks?( ?\(s\))?$|^enforcement$|^detections?( (logic|method|strategy|mechanism|signal|approach)s?)?$|enforce(d|able) (checks?|controls?)|response|principle|^mechanisms?$|^existing$|^protected\??$|^how .{2,40} (helps?|protects?|mitigates?|prevents?|responds?|handles?|addresses)$|fix\b|contramedida|mitiga[cç]/,
  ],
  [
    "stride",
    /stride|^(threat )?categor(y|ies)$|^(threat )?types?$|threat (type|category|class)|^categor[ií]a$|^cat[eé]gorie$|^kategorie$|^letter$/,
  ],
  [
    "threat",
    /^(?:(?:identified|potential|possible|security|specific|main|key|primary|example|concrete|typical|relevant|stride|top) )?(threats?|title|name|attacks?|failures?|((attack|threat|abuse|risk|failure) (scenario|case|name|title|event|area|description|vector|path|technique|pattern|action|statement)|technique|attack (?:class|type))(?:e?s)?|scenario|abuse cases?|misuse cases?|findings?|vulnerabilit(y|ies)|weakness(es)?|issue|hazard|compromise|risks?|what can go wrong.*|example attacks?|threat ?\/.*|(?:[a-z-]+ ){1,2}threats?|threats? (?:from|(?:in|to|on|for|at) .{2,30})|amea[cç]as?|위협)$/,
  ],
  [
    "element",
    /asset|component|element|entity|target|surface|affected|entry ?point|data ?flow|\bflow\b|location|interaction|layer|boundary|^(where|system|module|service|process|actor)$|componente/,
  ],
  [
    "description",
    /description|detail|vector|explanation|capabilit|example|^(how|what|why|notes?|comment|summary|scenario)\b|descrição|attacks?$/,
  ],
];

const inOtherLanguages = [
  "likelihood",
  "impact",
  "mitigation",
  "threat",
  "risk",
  "status",
  "test",
  "element",
  "description",
] as const;

/** Classifies each header of a table; what stands in parentheses or after a slash is looked at only when nothing else fits. */
export function columnsOf(header: readonly string[]): ColumnKind[] {
  return header.map((cell) => {
    const whole = cell.toLowerCase().replace(/[*_`]/g, "").replace(/\s+/g, " ").trim();
    const short = whole.replace(/\([^()]*\)/g, "").trim();
    for (const text of [short, whole]) {
      for (const [kind, pattern] of patterns) if (text !== "" && pattern.test(text)) return kind;
    }
    return inOtherLanguages.find((concept) => speaksOf(concept, whole)) ?? "other";
  });
}
