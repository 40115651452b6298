import { isLinkForPeople } from "./link-for-people.ts";

/*
 * Hosts that code names: which of them are other systems, and which only a namespace, a page that people read, where tools come
 * from or the system itself.
 */

const address =
  /\b(?:https?|wss?|ftps?|sftp|amqps?|mqtts?|ldaps?|smtps?|redis|postgres(?:ql)?|mysql|mongodb(?:\+srv)?|kafka|grpcs?|hkps?|imaps?|pop3s?|rsync|rediss|nats|syslog|statsd|stun|turns?):\/\/(?:[^\s"'`/@]{1,80}@)?([a-zA-Z0-9][a-zA-Z0-9.-]{2,100}\.[a-zA-Z]{2,18})(?=[/:"'`\s?#)$\\]|$)/g;

/** Hosts that name a namespace, a licence, a document or nothing real. */
const namespaceHost =
  /(^|\.)(w3\.org|schema\.org|json-schema\.org|example\.(com|org|net)|test|invalid|localhost|local|internal|xmlsoap\.org|openxmlformats\.org|purl\.org|apache\.org|opensource\.org|creativecommons\.org|gnu\.org|ietf\.org|rfc-editor\.org|mozilla\.org|wikipedia\.org|wikimedia\.org|stackoverflow\.com|readthedocs\.io|npmjs\.com|npmjs\.org|yarnpkg\.com|pypi\.org|rubygems\.org|packagist\.org|crates\.io|docs\.rs|nuget\.org|maven\.org|golang\.org|go\.dev|pkg\.go\.dev|python\.org|nodejs\.org|typescriptlang\.org|getbootstrap\.com|fontawesome\.com|medium\.com|youtube\.com|youtu\.be|twitter\.com|x\.com|facebook\.com|linkedin\.com|instagram\.com|t\.me|discord\.gg|patreon\.com|opencollective\.com|paypal\.me|shields\.io|badge\.fury\.io|codecov\.io|hashicorp\.com|terraform\.io|kubernetes\.io|docker\.com|opentelemetry\.io|spring\.io|springframework\.org|oracle\.com|java\.net|eclipse\.org|jetbrains\.com|visualstudio\.com|swagger\.io|openapis\.org|semver\.org|editorconfig\.org|owasp\.org|cve\.org|nist\.gov)$|^(docs?|help|support|developers?|learn|blog|community|forum|wiki|status|www\.npmjs|raw\.githubusercontent)\.|^(foo|bar|baz|acme|my|your|some|host|server|domain)[\w-]*\./i;
const documentHost = /^(github\.com|gitlab\.com|bitbucket\.org|gist\.github\.com|www\.github\.com)$/i;

/** Where the system itself is found. */
const ownSite = /\b(?:SITE|site|OWN|own)_?(?:DOMAIN|[dD]omain|URL|[uU]rl|HOST|[hH]ost)["']?\s*[:=]/;
/** An address that somebody else brought is looked at: nothing is called by it. */
const compared =
  /(?:(?:[sS]tarts_?[wW]ith|[eE]nds_?[wW]ith|HasPrefix|[cC]ontains|includes|indexOf)\([^"'`]{0,40}|[!=]==?\s*)["'`](?:https?|wss?):/;

/** What builds the program is fetched from where its makers offer it: no system of its own is called. */
const toolHost =
  /^(?:sh|static|win)\.rustup\.rs$|^(?:deb|rpm)\.nodesource\.com$|^bootstrap\.pypa\.io$|^(?:get|download)\.docker\.com$|^apt\.llvm\.org$|^get\.sdkman\.io$|^(?:dl|storage)\.k8s\.io$|^install\.python-poetry\.org$|^astral\.sh$|^cli\.github\.com$|^(?:dl|packages|apt)\.(?:google|yarnpkg|microsoft)\.com$/;

/** A program that says who it is names its own site. */
const userAgent = /user-?_?agent|\(\+https?:/i;

/** The hosts that addresses on a line of code name, in their order, lower-case; without those that nothing is sent to. */
export function hostsOn(code: string): readonly string[] {
  const hosts: string[] = [];
  if (userAgent.test(code)) return hosts;
  for (const found of code.matchAll(address)) {
    // A link that people read.
    if (code.slice(Math.max(0, found.index - 2), found.index) === "](") continue;
    const host = found[1]?.toLowerCase();
    if (host !== undefined && !namespaceHost.test(host) && !documentHost.test(host) && !toolHost.test(host))
      hosts.push(host);
  }
  return hosts;
}

/** Whether an address is kept under a name that says that people follow it, or that it is the system's own. */
export function isNoTarget(code: string): boolean {
  return isLinkForPeople(code) || ownSite.test(code);
}

/** Whether an address on the line is only held against another. */
export function isCompared(code: string): boolean {
  return compared.test(code);
}

/** What a site tells its readers may be kept as data; what is called from there is named as such. */
const content = /(^|\/)_?(?:data|contents?)\/(?:.+\/)?[^/]+\.ya?ml$/;
const calledByKey = /^["'-]?\s*\w*(?:url|uri|endpoint|host|api|server|webhook|issuer)\w*["']?\s*:/i;

/** Whether a line of a file of data holds addresses that readers of a site are shown, rather than ones that are called. */
export function isKeptForReaders(path: string, code: string): boolean {
  return content.test(path) && !calledByKey.test(code);
}
