import { accessColumnWords, personalWords, secretWords } from "../data-words.ts";
import { authenticationWords, authorizationWords, cryptographyWords } from "../vocabulary.ts";
import { phraseOf, wordsOf } from "../words.ts";

/*
 * What names are about. A project calls its controls by its own names, but the words in them are those of the trade:
 * a new `Perm.Download` and a known `hasPermission` share the subject, though no rule knows the former.
 */

/** Words of identifiers by what they are about. Whole words; one word may be about several things. */
const words: Readonly<Record<string, string>> = {
  limit:
    "limit limiter limited max maximum quota throttle throttled throttling cap bound bounded timeout depth ratelimit",
  check:
    "verify verified verifies verifier validate validated validator validation check checks checked checker ensure require required requires assert enforce enforced guard guards allow allowed allows disallow deny denied denies forbid forbidden reject rejected rejects block blocked blocks blocklist ban banned restrict restricted restriction restrictions permit permitted prevent protect protected protection whitelist blacklist allowlist denylist exempt exclude bypass skip",
  clean:
    "safe unsafe sanitize sanitized sanitizer sanitise escape escaped escapes unescape purify strip stripped canonical normalize normalized traversal basename realpath clean trusted untrusted trust",
  person:
    "user users account accounts member members membership owner owners owned ownership actor principal caller customer person participant participants collaborator author creator assignee profile",
  group:
    "team teams org orgs organization organizations organisation organisations tenant tenants workspace workspaces group groups role roles moderator staff guest anonymous visitor superuser admin admins administrator administrators viewer editor maintainer",
  state:
    "suspended suspend disabled locked lock unlocked unlock deactivated deactivate inactive active confirmed unconfirmed pending approved approve approval archived deleted revoked expired",
  network:
    "ip ips host hosts hostname cidr subnet proxy tls ssl cert certificate origin origins cors port redirect redirects domains dns socket header headers forwarded network firewall ingress egress referer referrer",
  address: "url urls uri href link links endpoint webhook callback http https",
  // Every program that answers somebody says these all day long: of its stores, its layers, its tests.
  traffic: "fetch request requests client domain",
  sharing:
    "public private hidden visibility visible publish unpublished share shared shares sharing expose exposed internal external secure security insecure",
  interface:
    "route routes router handler handlers controller api rpc query mutation resolver graphql serializer schema",
  file: "upload uploads uploaded uploader download attachment attachments zip tar archive mime avatar extension extract filename",
  lifetime:
    "expire expires expired expiry expiration ttl revoke revoked invalidate rotate rotation renew lifetime session sessions cookie cookies logout login signin signup signout register registration",
  record: "audit audits audited history redact redacted mask masked anonymize anonymise sensitive privacy gdpr consent",
  switch: "enable enabled enables disable disabled default defaults feature toggle setting settings option strict",
  permission:
    "perm perms permission permissions permitted scope scopes grant grants granted privilege privileges acl policy policies right rights access accessible authorize authorized authorization can cannot ability abilities capability authz rbac",
  credential:
    "password passwords passphrase token tokens secret secrets credential credentials key keys apikey hash hashed digest salt otp totp mfa nonce csrf xsrf captcha auth oauth oidc saml ldap sso jwt bearer",
  cryptography:
    "sign signed signing signature signatures encrypt encrypted encryption decrypt decrypted crypto cipher hmac x509 aes rsa pem",
  message: "mail mails mailer email emails smtp sms notification notifications slack push",
  execution: "exec eval shell spawn subprocess deserialize unserialize pickle marshal sandbox inject html",
  person_data: "phone address birthday dob gender location latitude geo personal export csv dump",
};

const subjectsOfWord: ReadonlyMap<string, readonly string[]> = indexed(words);

/** The vocabularies of the rules: phrases, where the lists above are single words. */
const phrases: readonly (readonly [subject: string, find: (phrase: string) => string | undefined])[] = [
  ["authentication-phrase", authenticationWords],
  ["authorization-phrase", authorizationWords],
  ["cryptography-phrase", cryptographyWords],
  ["secret-phrase", secretWords],
  ["personal-phrase", personalWords],
  ["access-column-phrase", accessColumnWords],
];

function indexed(lists: Readonly<Record<string, string>>): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>();
  for (const [subject, list] of Object.entries(lists)) {
    for (const word of list.split(" ")) {
      const known = index.get(word);
      if (known) known.push(subject);
      else index.set(word, [subject]);
    }
  }
  return index;
}

/** Names that are remembered; where more come, it begins anew. */
const mostNames = 20_000;
const known = new Map<string, readonly string[]>();

/**
 * Names of how data is kept: the keys of a map open nothing, the hash of a table hides nothing, a file is opened to be
 * read, and what is at the right has none.
 */
const collection = /^(?:keys?|right|\w*hash_?(?:map|set|table|code)s?|FileAccess|RandomAccess\w*)$/i;

/** What one identifier is about; most are about nothing of this kind. */
export function subjectsOfName(name: string): readonly string[] {
  const before = known.get(name);
  if (before) return before;
  const subjects = new Set<string>();
  if (!collection.test(name))
    for (const word of wordsOf(name)) for (const subject of subjectsOfWord.get(word) ?? []) subjects.add(subject);
  const phrase = phraseOf(name);
  for (const [subject, find] of phrases) if (find(phrase) !== undefined) subjects.add(subject);
  const found = [...subjects];
  if (known.size >= mostNames) known.clear();
  known.set(name, found);
  return found;
}

/** So much of a line is looked at, and so many names of it. */
const longestText = 300;
const mostNamesOfText = 40;
const names = /[A-Za-z_]\w{1,60}/g;
/** What a method asks of what it is given says nothing of who may call it: `Guard.NotNull(order)`. */
const argumentGuard = /\bGuard\.(?:Not|Is|Has|Against|Argument|Implements|Inherits|That)\w*/g;

/** What the names in a text are about. */
export function subjectsOf(text: string): ReadonlySet<string> {
  const subjects = new Set<string>();
  const found = text.slice(0, longestText).replace(argumentGuard, "").match(names) ?? [];
  for (const name of found.slice(0, mostNamesOfText)) for (const subject of subjectsOfName(name)) subjects.add(subject);
  return subjects;
}

/** The names in a text that are about one of some subjects, in their order, each once. */
export function namesAbout(text: string, subjects: ReadonlySet<string>): readonly string[] {
  const found = text.slice(0, longestText).match(names) ?? [];
  return [...new Set(found)].filter((name) => subjectsOfName(name).some((subject) => subjects.has(subject)));
}
