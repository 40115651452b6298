/*
 * Words that lead to an evidence theme. Coarser than the rules of the library, because a theme only says where evidence
 * belongs; the report names the word that decided, and a team's own `theme` always wins.
 */

/** Words, and the id of the theme they lead to. */
type Row = readonly [RegExp, string];

/** The closer ones first: what fits a row further up is not asked for those below. */
const rows: readonly Row[] = [
  [/\b(prompt[- ]injection|llms?|language models?|model output|ai agents?|jailbreak)\b/i, "AI"],
  [/\b(firmware|iot|embedded|scada|physical (access|tamper)\w*|stolen device|lost device)\b/i, "DEVICE"],
  [/\b(back-?ups?|restor(e|es|ed|ing)|disaster recovery|ransomware)\b/i, "BACKUP"],
  [
    /\b(denial[- ]of[- ]service|d?dos|rate[- ]limit\w*|flood\w*|exhaust\w*|unavailab\w*|availability|outage|overload\w*|resource (use|limits?)|crash\w*|slow(ed|s)? down)\b/i,
    "AVAIL",
  ],
  [/\b(session\w*|cookies?|jwts?|access tokens?|refresh tokens?|csrf|replay\w*)\b/i, "SESSION"],
  [
    /\b(secrets?|api[- ]keys?|private keys?|key management|key rotation|vault|hard-?coded (credential|password)s?|credentials? (leak|in|stored)\w*)\b/i,
    "SECRETS",
  ],
  [
    /\b(logs?|logging|logged|audit(ed|ing|s)?|audit trail|repudiat\w*|non-repudiation|traceab\w*|monitor\w*|alert(s|ing)?|detect(ed|ion)?)\b/i,
    "LOGGING",
  ],
  [
    /\b(supply[- ]chain|third[- ]part(y|ies)|dependenc(y|ies)|packages?|vendors?|suppliers?|base images?|container images?|librar(y|ies))\b/i,
    "SUPPLY",
  ],
  [
    /\b(unsigned (code|builds?|releases?|images?)|signed (releases?|artifacts?|artefacts?|images?|commits?|builds?|updates?)|checksums?|provenance|artifacts?|artefacts?|releases?|malicious updates?|update channel|code signing|integrity of (code|builds?|updates?))\b/i,
    "INTEGRITY",
  ],
  [
    /\b(ci|ci\/cd|pipelines?|merge|pull requests?|code review|change control|deploy(s|ed|ment)?|branch protection|workflows?)\b/i,
    "CHANGE",
  ],
  [
    /\b(inject\w*|xss|cross[- ]site scripting|sqli|ssrf|xxe|deseriali[sz]\w*|validat\w*|saniti[sz]\w*|escap(e|es|ed|ing)|untrusted input|malformed|path traversal|uploads?)\b/i,
    "INPUT",
  ],
  [
    /\b(least privilege|over-?privileged|privileged|excessive (permission|right|privilege)s?|admin(istrator)? rights|root access|escalat\w*|elevat\w*)\b/i,
    "PRIVILEGE",
  ],
  [
    /\b(authori[sz]\w*|permissions?|access control|idor|bola|tenants?|role[- ]based|rbac|forbidden|(an)?other (user|customer|client|patient|account|member|team|organi[sz]ation)('?s|s'?)?)\b/i,
    "AUTHZ",
  ],
  [
    /\b(authenticat\w*|identit(y|ies)|passwords?|log-?ins?|sign-?in|mfa|multi-?factor|brute[- ]?forc\w*|spoof\w*|impersonat\w*|phish\w*|pretend\w*|masquerad\w*)\b/i,
    "AUTHN",
  ],
  [
    /\b(personal (data|information)|pii|gdpr|privacy|data minimi[sz]ation|retention|anonymi[sz]\w*|pseudonymi[sz]\w*|consent)\b/i,
    "PRIVACY",
  ],
  [
    /\b(in transit|tls|ssl|https|man[- ]in[- ]the[- ]middle|mitm|eavesdrop\w*|sniff\w*|plain ?text|clear ?text|unencrypted (connection|traffic|channel)|intercept\w*|wire)\b/i,
    "TRANSIT",
  ],
  [
    /\b(at rest|encrypt\w*|buckets?|database (dump|leak|theft)|stored data|data (leak|breach|theft|exposure)|disclos\w*|exfiltrat\w*|leak\w*)\b/i,
    "ATREST",
  ],
  [
    /\b(network (segment|separat)\w*|segmentation|firewalls?|egress|ingress|open ports?|security groups?|vpc|lateral movement|exposed (to the internet|port|service)s?)\b/i,
    "NETSEG",
  ],
  [
    /\b(misconfigur\w*|configuration|defaults?|harden\w*|debug|verbose errors?|security headers?|cors|csp)\b/i,
    "CONFIG",
  ],
  [
    /\b(tamper\w*|modif(y|ied|ication)|alter(ed|ing|s)?|corrupt\w*|forg(e|ed|ery)|poison\w*|overwrit\w*)\b/i,
    "INTEGRITY",
  ],
];

/** More of a text is argument. */
const longest = 300;

/** The themes that a text names, the closest first, each with the word that decided. */
export function themesInWords(text: string, most: number): { readonly id: string; readonly by: string }[] {
  const found = new Map<string, string>();
  const plain = text.slice(0, longest);
  for (const [words, id] of rows) {
    if (found.size >= most) break;
    const [word] = words.exec(plain) ?? [];
    if (word !== undefined && !found.has(id)) found.set(id, word.toLowerCase());
  }
  return [...found].map(([id, by]) => ({ id, by }));
}
