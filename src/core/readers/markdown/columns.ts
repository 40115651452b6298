/** What a column of a table holds, told by its header. */
export type ColumnKind =
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
  ["id", /^(#|id|no\.?|nr\.?|ref(erence)?|number|key|(threat|risk|finding|t|sec)[ -]?(id|#|no\.?|number)|id ?#)$/],
  ["likelihood", /likelihood|probability|^l$|^p$|exploitab|ease of|frequency|probabilidade/],
  [
    "risk",
    /risk (score|level|rating)|^(overall |inherent |residual |current )?risk$|severity|priority|cvss|^(rating|score|criticality|risk)$|l ?[×x*·] ?i|i ?[×x*·] ?l|severidade|prioridade/,
  ],
  ["impact", /^(impact|i|impacts|consequences?|effects?|damage|business impact|impacto)\b/],
  [
    "test",
    /\b(tests?|test case|regression|validation|validated|verification|verified by|how (it is )?tested|evidence|acceptance)\b/,
  ],
  ["ticket", /ticket|jira|\bissues?\b|stor(y|ies)|\bnfr\b|traceab|backlog|work item|tracking/],
  [
    "status",
    /status|^state$|disposition|^(mitigated|implemented|done|addressed|resolved|open|fixed)\??$|estado|situação/,
  ],
  [
    "mitigation",
    /mitigat|controls?\b|counter-?measure|safeguard|defen[cs]e|remediation|protection|treatment|recommend|security measure|response|principle|fix\b|contramedida|mitiga[cç]/,
  ],
  ["stride", /stride|^(threat )?categor(y|ies)$|^(threat )?types?$|threat (type|category|class)|^categoria$|^letter$/],
  [
    "threat",
    /^(threats?|title|name|attacks?|(attack|threat|abuse|risk|failure) (scenario|case|name|title|event|area|description|vector|path)s?|scenario|abuse cases?|misuse cases?|findings?|vulnerabilit(y|ies)|weakness(es)?|issue|hazard|compromise|risks?|what can go wrong.*|example attacks?|threat ?\/.*|notable threats?|amea[cç]as?|위협)$/,
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

/** Classifies each header of a table; what stands in parentheses or after a slash is looked at only when nothing else fits. */
export function columnsOf(header: readonly string[]): ColumnKind[] {
  return header.map((cell) => {
    const whole = cell.toLowerCase().replace(/[*_`]/g, "").replace(/\s+/g, " ").trim();
    const short = whole.replace(/\([^()]*\)/g, "").trim();
    for (const text of [short, whole]) {
      for (const [kind, pattern] of patterns) if (text !== "" && pattern.test(text)) return kind;
    }
    return "other";
  });
}
