import type { GuardForm } from "./guard-form.ts";

/*
 * Guards of scripting languages that no framework names: refusals in words, lists that are asked, functions made for a route, and
 * who may read and write a collection as a content system is told.
 */

export const guardFormsInOwnWords: readonly GuardForm[] = [
  // A refusal that says so only in its name or in its words: `return ResponseErrorForbiddenAnonymousUser`, `throw new Error("No access")`
  {
    what: "guard",
    languages: ["javascript", "python"],
    pattern:
      /\breturn\b.{0,40}\b\w{1,40}(?:Unauthori[sz]ed|Forbidden|AccessDenied|NotPermitted|NotAuthori[sz]ed)\w{0,40}\b(?:\(|;|,|$)|\b(?:throw|raise|reject|fail)\b.{0,80}["'`][^"'`]{0,80}\b(?:not (?:have |be )?(?:allowed|authori[sz]ed|permitted)|(?:don['’]?t|do not|does not|doesn['’]t|no|without|lacks?) (?:have )?(?:(?:the |any )?(?:access|permissions?|rights)\b)|(?:permission|access) (?:is )?denied|unauthori[sz]ed|forbidden|insufficient (?:permissions?|rights|privileges|scopes?)|different (?:user|account|e-?mail))/i,
  },
  // A list of what may not pass, or of what alone may, is asked
  {
    what: "guard",
    languages: ["javascript", "python", "php", "ruby"],
    pattern:
      /\b(?:check|validate|enforce|assert|ensure|verify|is|reject|refuse)_?(?:[A-Z_a-z]\w{0,20}_?)?(?:[dD]eny|[aA]llow|[bB]lock|[bB]lack|[wW]hite)_?[lL]ist(?:ed)?(?:[A-Z_]\w{0,20})?[!?]?\(/,
  },
  // A function of one's own that is made for a route, on a line of its own among its arguments: `checkOrderInShop({ open: true }),`
  {
    what: "guard",
    languages: ["javascript"],
    pattern: /^(?:check|ensure|require|restrict|guard|protect|permit)(?!d)[A-Z]\w{2,50}\([^;]{0,80}\),$/,
  },
  // Who may read and write a collection or a field, in the settings of Keystone and Payload: https://keystonejs.com/docs/config/access-control, https://payloadcms.com/docs/access-control/overview
  {
    what: "guard",
    told: true,
    languages: ["javascript"],
    pattern:
      /^(?:access|operation|isAccessAllowed|isHidden|authenticated|readVersions|unlock):\s*(?:allowAll|denyAll|allOperations|\w{0,40}(?:[aA]dmin|[aA]uthenticated|[sS]igned[iI]n|[lL]ogged[iI]n|[aA]nyone|[oO]wner|[sS]elf|[pP]ublished)\w{0,30})\b|^(?:read|create|update|delete|admin|query|filter):\s*(?:allowAll|denyAll|\w{0,40}(?:[iI]s|[hH]as|[cC]an)?(?:[aA]dmin|[aA]uthenticated|[sS]igned[iI]n|[lL]ogged[iI]n|[aA]nyone|[pP]ublished)\w{0,30}|\([^)]{0,60}\)\s*=>\s*(?:true|false|!!|Boolean\())/,
  },
];
