/*
 * How teams call threats, led to the rule of the library that speaks of the same one. Only names that leave no doubt: a
 * story about another threat is worse than a general one. The first row that fits decides, so the closer ones come first.
 */

/** Words that name a threat, and the id of its rule. */
export type Phrase = readonly [words: RegExp, rule: string];

export const phrases: readonly Phrase[] = [
  [/\b(no-?sql|mongo\w*|query operator) injection|\binject\w* (query )?operators?/i, "query-operators-injected"],
  [
    /\bsql ?injection|\bsqli\b|\bsql\b.{0,60}\b(chang|rewrit|alter)\w* the query|\binject\w* sql\b/i,
    "sql-built-from-input",
  ],
  [/\bdom[- ]based xss|\bdom xss\b/i, "dom-built-from-strings"],
  [/\bxss\b|\bcross[- ]site scripting|\bscript (tags?|injection)\b/i, "script-in-pages"],
  [/\bcsrf\b|\bcross[- ]site request forgery/i, "foreign-site-acts-for-the-user"],
  [/\bssrf\b|\bserver[- ]side request forgery/i, "server-fetches-what-it-is-told"],
  [/\bprompt[- ]injection|\bjailbreak\w*.{0,40}\b(model|llm|prompt)/i, "hidden-instructions-steer-the-model"],
  [/\b(command|shell|os command|template) injection/i, "event-field-becomes-a-command"],
  [/\binsecure deseriali[sz]ation|\bdeseriali[sz]\w+|\bxxe\b|\bxml external entit/i, "parsed-bytes-become-objects"],
  [/\bmass[- ]assignment/i, "client-sets-protected-fields"],
  [/\b(log (forging|injection)|forg\w* log (lines?|entries))\b/i, "log-lines-forged"],
  [/\b(header|crlf) injection\b.{0,60}\b(mail|smtp)/i, "header-injected-into-mail"],
  [/\bcache poisoning\b/i, "cached-value-planted"],
  [/\bsubdomain takeover|\bdangling (dns|record|cname)/i, "dangling-name-taken-over"],
  [
    /\b(idor|bola|insecure direct object|broken object[- ]level)\b|\b(another|other) (user|patient|customer|person|account|member|student|client)s?['’]?s?\b.{0,60}\b(by|through|via) (changing|guessing|altering|editing|swapping|iterating)\b.{0,20}\bids?\b/i,
    "another-users-record-by-id",
  ],
  [/\b(cross[- ]tenant|tenant isolation|another tenant|other tenants?)\b/i, "tenant-acts-inside-another"],
  [
    /\bcredential stuffing|\bbrute[- ]?forc\w+.{0,60}\b(password|log-?in|credential|account)s?\b|\b(password|log-?in|credential)s?\b.{0,40}\bbrute[- ]?forc|\bguess\w* (passwords?|log-?in codes?)|\bpassword (spraying|guessing)/i,
    "passwords-guessed-by-machine",
  ],
  [
    /\bsession (hijack\w*|fixation|theft|riding)|\b(stolen|steal\w*|hijack\w*) (a |the )?sessions?\b|\bstolen session (cookie|id)/i,
    "session-taken-over",
  ],
  [
    /\b(forged?|tampered|unsigned|fake) (jwts?|tokens?)\b|\bjwts?\b.{0,40}\b(forg|tamper|alg(orithm)?[ =]none)/i,
    "token-taken-at-its-word",
  ],
  [/\btokens?\b.{0,40}\b(local|browser) storage|\blocal ?storage\b.{0,40}\btokens?/i, "tokens-in-browser-storage"],
  [
    /\b(forged?|spoofed|fake|unsigned|replayed)\b.{0,20}\bwebhooks?\b|\bwebhooks?\b.{0,40}\b(forg|spoof|signature)/i,
    "webhook-without-valid-signature",
  ],
  [
    /\b(supply[- ]chain (attack|compromise)|typo-?squat\w*|dependency confusion|(malicious|hijacked|compromised) (npm |pypi )?(package|dependenc(y|ies)|librar(y|ies)|module))\b/i,
    "hijacked-release-installed",
  ],
  [
    /\b(vulnerable|outdated|unpatched|known[- ]vulnerab\w*|3rd party|third[- ]party)\b.{0,30}\b(package|dependenc(y|ies)|librar(y|ies)|component)s?\b|\bvulnerab\w+\b.{0,30}\b(third|3rd)[- ]party (package|librar(y|ies)|dependenc(y|ies))/i,
    "known-hole-in-a-dependency",
  ],
  [
    /\b(github )?actions?\b.{0,40}\b(pinned|mutable|moved) (tag|version)|\bunpinned (github )?actions?|\bchanged action runs\b/i,
    "action-changes-under-its-tag",
  ],
  [
    /\b(fork(ed)? )?pull[- ]requests?\b.{0,60}\b(secrets?|token)\b.{0,30}\b(leak|steal|expos|exfiltrat)/i,
    "stranger-runs-code-with-our-secrets",
  ],
  [
    /\b(secrets?|api keys?|credentials?|passwords?|tokens?)\b.{0,30}\b(committed|checked in|hard-?coded|in (the )?(source|repository|git))\b|\bhard-?coded (secrets?|credentials?|passwords?|keys?)/i,
    "secret-in-the-history",
  ],
  [
    /\b(secrets?|passwords?|credentials?|tokens?|personal data|pii|sensitive (data|information)|appointments|records)\b.{0,40}\b(in|through|via|into|from|within) (the )?(application )?logs?\b|\blogs? (contain|hold|leak|expose|include)\w*/i,
    "secrets-and-people-in-the-logs",
  ],
  [
    /\b(bucket|blob|object stor\w+|s3)\b.{0,40}\b(public|open to|readable by any|misconfigur)/i,
    "bucket-readable-by-anyone",
  ],
  [/\bbackups?\b.{0,60}\b(read|stolen|leak|unencrypted|expos|stranger)/i, "backup-is-the-easier-target"],
  [/\b(ransomware|delet\w+)\b.{0,40}\bbackups?\b/i, "backup-deleted-first"],
  [
    /\b(stolen|unencrypted) (snapshots?|disks?|volumes?|dumps?|database files?)\b|\b(data|database)\b.{0,30}\bunencrypted at rest|\bstolen snapshot/i,
    "data-readable-on-stolen-media",
  ],
  [/\b(container|pod) (escape|breakout)|\bescape from (the )?container/i, "hold-on-the-host"],
  [/\bcontainers?\b.{0,30}\b(runs?|running) as root\b|\broot (in|inside) (the )?container/i, "container-runs-as-root"],
  [
    /\b(sniff\w*|eavesdrop\w*|intercept\w*)\b.{0,60}\b(traffic|network|communication|transit|channel|connection)|\bplain ?text (traffic|http)\b|\bunencrypted (traffic|channel|connection|http)\b|\bnot encrypted over\b/i,
    "read-on-the-way",
  ],
  [/\b(man|monster|machine|adversary)[- ]in[- ]the[- ]middle|\bmitm\b/i, "changed-on-the-way"],
  [
    /\b(malicious|infected) (file|upload)s?\b|\bupload\w*\b.{0,30}\b(web ?shell|malicious|executable|malware)/i,
    "uploaded-file-runs-on-the-server",
  ],
  [/\b(zip|decompression|xml) bomb|\b(huge|oversized|very large) (file|upload)s?/i, "small-file-large-damage"],
  [
    /\bstack ?traces?\b|\bverbose errors?\b|\bdebug mode\b|\berror (messages?|pages?) (leak|reveal|expos|disclos)/i,
    "internals-shown-to-strangers",
  ],
  [
    /\b(over[- ]?privileged|excessive (permissions?|privileges?|rights))\b.{0,60}\b(pipeline|workflow|build|ci)\b/i,
    "pipeline-token-may-do-anything",
  ],
  [
    /\bwildcards?\b.{0,30}\b(polic(y|ies)|permissions?|iam)|\b(over[- ]?privileged|excessive|overly broad)\b.{0,30}\b(iam|roles?|polic(y|ies))/i,
    "wildcard-in-a-policy",
  ],
  [
    /\b(admin\w*|maintainer|operator)\b.{0,40}\b(den(y|ies)|no (audit|record|trace)|remove\w* the logs?|repudiat)/i,
    "administration-without-witness",
  ],
  [/\b(delet|remov|eras|tamper)\w*\b.{0,20}\b(the )?(audit )?(logs?|audit trail)\b/i, "evidence-deleted"],
  [/\bdirect access to the database\b.{0,40}\b(no (trace|record|log))/i, "privileged-reads-unrecorded"],
  [
    /\bno (audit (log|trail)|log(s|ging)?)\b|\b(lack|absence|missing|insufficient) (of )?(audit|log)\w*|\bden(y|ies) (having|that (they|she|he))\b/i,
    "action-without-trace",
  ],
  [/\bvolumetric|\bddos\b|\bdistributed denial/i, "flood-at-the-edge"],
  [
    /\b(no|missing|lack of|without) rate[- ]?limit\w*|\bflood\w*\b.{0,40}\b(api|endpoint|request|booking|form|login|service)|\bbots? \w+ (every|all)\b|\brequest flood/i,
    "calls-without-limit",
  ],
  [
    /\b(port|database|cache|redis|store)\b.{0,30}\b(exposed to|open to|reachable from) (the )?(internet|public|network)|\bopens? the private network to the internet/i,
    "admin-port-on-the-internet",
  ],
  [/\bdns (hijack|spoof|takeover)\w*|\bregistrar (account )?(takeover|compromise)/i, "zone-changed-by-a-thief"],
  [
    /\b(spoofed|phishing) (e-?mails?|mails?)\b.{0,40}\b(our|domain|name)|\bsend\w* (e-?)?mail (as|in our)/i,
    "mail-in-our-name",
  ],
  [/\breplay\w*\b.{0,40}\b(message|delivery|event|webhook)s?/i, "delivery-played-again"],
];
