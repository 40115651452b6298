import type { CodeLine } from "../code-line.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import { formSearch } from "../form-search.ts";
import type { InspectedFile } from "../inspected-file.ts";

/*
 * Decisions about who may pass: guards, decorators, filters, checks and refusals. One that came and one that went are
 * both news; one that only moved or was renamed is not.
 */

interface GuardForm {
  readonly what: "guard" | "public" | "role";
  readonly pattern: RegExp;
  /** What it is told decides who passes: another right or role makes it another guard. */
  readonly told?: true;
}

const forms: readonly GuardForm[] = [
  // Ways past the guard
  {
    what: "public",
    pattern:
      /\bpermitAll\b|\[AllowAnonymous\b|\.AllowAnonymous\(|@Public\(\)|@AllowAny\b|\bAllowAny\b|\bskip_before_action\s+:(?:authenticate|authorize|require|verify)|\bskip_authorization(?:_check)?\b|\bskip_(?:load_and_)?authorize_resource\b|@csrf_exempt\b|\bexcept_csrf|skip_before_action :verify_authenticity_token|csrf\(\)\.disable|\bcsrf\s*\{\s*disable|\.ignoringAntMatchers\(|requires_no_auth|\bisUnauthorizeAllowed\w*|withoutMiddleware\(|->Auth->(?:allow|deny)\(|->(?:addUnauthenticatedActions|allowUnauthenticated)\(|@PermitAll\b|\bno_auth\b|[sS]kipper:|\bIgnoreAntiforgeryToken\b|\bDisableAntiforgery\b/,
  },
  // Rights that are named to a guard: CanCanCan, Pundit, Action Policy; Laravel, Symfony; Django; NestJS, tRPC
  {
    what: "guard",
    told: true,
    pattern:
      /(?:^|[^\w.])(?:auth|authenticate|authorize)\(\s*(?=[{["'])|\b(?:has_access|hasAccess|user_can|userCan|has_\w{1,20}_privilege)\w*\(/,
  },
  {
    what: "guard",
    told: true,
    pattern: /\bauthorize!|^(?:load_and_)?authorize_resource\b|\ballowed_to\?\s*\(?|\bpolicy\([^)]{0,60}\)\.\w+\?/,
  },
  {
    what: "guard",
    told: true,
    pattern:
      /->authorize(?:Resource|ForUser)?\(|\bGate::\w+\(|\bdenyAccessUnlessGranted\(|->isGranted\(|->hasAccess\(|^@(?:IsGranted|Security)\(/,
  },
  {
    what: "guard",
    told: true,
    pattern:
      /^@(?:\w+\.)?(?:\w{1,40}_)?(?:permissions?|login|auth|roles?|access|owner|scopes?)(?:_\w{1,40})?\(|\b(?:LoginRequired|PermissionRequired|UserPassesTest|StaffuserRequired|SuperuserRequired)Mixin\b|\bhas_perms?\(|\bcheck_object_permissions\(/,
  },
  {
    what: "guard",
    told: true,
    pattern:
      /^@(?:UseGuards|Roles?|Permissions?|RequirePermissions?|RequiredRoles?|HasPermissions?|Scopes?|Auth|Requires?\w{0,30}(?:Role|Permission|Access|Auth)\w{0,20})\(|^\w{1,80}:\s*(?:protected|authed|authenticated|authorized|admin|owner|private|restricted|enforce)\w{0,60}Procedure\b/,
  },
  {
    what: "guard",
    told: true,
    pattern:
      /(?:^|[^\w.])\$?(?:accepted|allowed|permitted|required|minimum)_?(?:[rR]oles?|[pP]ermissions?|[sS]copes?|ROLES?|PERMISSIONS?|SCOPES?)["']?\s*(?:=>?|:)\s*[[({"'A-Z]/,
  },
  // Who must be known before a function runs, as its argument: FastAPI and Starlette
  {
    what: "guard",
    told: true,
    pattern:
      /\b(?:Depends|Security)\(\s*(?:\w+\.){0,3}\w{0,40}(?:current_?(?:active_?)?(?:user|account|member)|[uU]ser|[aA]uth|[pP]ermission|[rR]equire|[vV]erif|[aA]dmin|api_?key|[tT]oken|[rR]ole|[sS]cope|[sS]ecurity|[oO]wner)\w{0,40}/,
  },
  { what: "guard", told: true, pattern: /^(?:authentication|permission|throttle)_classes\s*=/ },
  {
    what: "guard",
    told: true,
    pattern: /\babort_(?:if|unless)\(.{0,200}?\b40[134]\b|\babort_(?:if|unless)\(/,
  },
  // The right that a route asks for, as an option of it: Pyramid, hapi, Directus, Unleash and others
  {
    what: "guard",
    told: true,
    pattern:
      /^(?:permission|effective_principals|required_permissions?|requiredPermissions?|requiredScopes?|requiredRoles?)\s*=\s*["'\w[(]|^(?:permission|permissions|requiredPermissions?|requiredScopes?|requiredRoles?):\s*(?:\[|["'][\w.:-]{3,60}["']|[A-Z][A-Z0-9]{1,30}_[A-Z0-9_]{1,60}|[A-Z]\w{2,30}\.[A-Z])/,
  },
  // Guards
  {
    what: "guard",
    pattern:
      /^@(?:login_required|permission_required|requires?_\w*|authorize\w*|authenticated?\w*|auth\w*|UseGuards|PreAuthorize|PostAuthorize|Secured|RolesAllowed|Roles|HasPermission|RequirePermission|Authorized|require_\w+|staff_member_required|user_passes_test|permission_classes|authentication_classes|check_\w*(?:key|auth|permission)\w*|ProtectedEndpoint|SecurityRequirement)\b/,
  },
  {
    what: "guard",
    pattern:
      /^\[(?:Authorize|ValidateAntiForgeryToken|RequireScope|RequiresRole|RequirePermission|RoleAuthorize)\b|\.RequireAuthorization\(|\.AddAuthorization\w*\(|\b(?:Fallback|Default)Policy\s*=|\.AddPolicy\(|\.RequireRole\(|\.RequireClaim\(/,
  },
  {
    what: "guard",
    pattern:
      /^before_(?:action|filter)\s+:(?:auth\w*|(?:require|check|verify|ensure)_?\w*(?:user|login|logged|log_in|sign|auth|admin|owner|manager|moderator|staff|permission|privilege|access|token|key|secret|role|allow|enable|feature|flag|member|ban|block|confirm|verif|active|captcha|limit|throttl|ip\b|host|session|tenant|account|organi[sz]ation|team|2fa|mfa|two_factor|setup|read_only|same_origin|https|ssl|valid|public|private)\w*|load_and_authorize\w*)|\bauthorize\s+[@:\w]+|\bbefore_request\(\s*(?:requires?_|auth|check)|\bverify_authorized\b|\bdoorkeeper_authorize!/,
  },
  {
    what: "guard",
    pattern:
      /->middleware\(.{1,80}\)->(?:except|only)\(|->middleware\(\s*\[?['"](?:auth|can|role|permission|throttle|verified|signed)|->authorize\(|\bGate::(?:define|allows|denies|authorize|any)|->can(?:not)?\(\s*['"]|#\[(?:RequiresPlus|IsGranted|Security)\b|\bcan\?\s*\(?|\bpolicy_scope\b/,
  },
  {
    what: "guard",
    pattern:
      /\b(?:hasRole|hasAnyRole|hasAuthority|hasAnyAuthority|hasPermission|hasPermissions|has_permission\w*|has_perm|has_role|userHasPermission|ensureUserHas\w*|ensureCurrentUserHas\w*|checkPermission\w*|check_permission\w*|require_permission\w*|requirePermission\w*|requireRole|requireAuth\w*|requires?_\w*auth\w*|ensureAuth\w*|assertCan\w*|assert_can\w*|checkAuth\w*|check_auth\w*|isAuthori[sz]ed|is_authori[sz]ed|isAuthenticated|is_authenticated|authorize_\w+|authorizeRequest\w*|canAccess\w*|can_access\w*|[aA]uthori[sz]e|check_service_has_permission|verify_?[aA]ccess\w*|ensure_\w*(?:admin|owner|permission|access)\w*)\s*\(/,
  },
  {
    what: "guard",
    pattern:
      /\b(?:await\s+)?!?\(?(?:await\s+)?can(?:View|Edit|Delete|Create|Manage|Update|Read|Write|Access|Upload|Download|Share|Invite)\w*\(|(?:\.|->|::)can(?:Move|Remove|Add|Assign|Change|Approve|Publish|Comment|Execute|See|Modify|Moderate|Administer|Configure|Transfer|Export|Import|Restore|Archive|Perform|Call|Impersonate|Grant|Revoke)\w*\(/,
  },
  {
    what: "guard",
    pattern:
      /\b\w*(?:check|ensure|require|verify|assert)_?\w*(?:[aA]dmin|[oO]wner|[mM]oderator|[pP]ermission|[rR]ole|[aA]ccess)\w*[!?]?\s*\(|\b(?:validate|enforce|apply|add)\w{0,30}(?:[pP]ermissions?|[aA]ccess|[aA]cl|ACL)(?:[A-Z_]\w{0,20})?\(/,
  },
  {
    what: "guard",
    pattern:
      /\b(?:check|ensure|require|verify|assert)_(?:\w{1,40}_)?(?:user|member|person|blocked|block|banned|ban|enabled|allowed|visibility|tenant)(?:_\w{1,40})?[!?]?\(|\b(?:check|ensure|require|assert)(?:\w{0,30})(?:Blocked|Banned|Allowed|Visibility|Tenant|Membership)\w{0,30}\(/,
  },
  // Questions about who somebody is
  {
    what: "guard",
    pattern:
      /\b(?:is|has|Is|Has)_?\w{0,30}?(?:[tT]eam_?[mM]ember|[mM]ember(?:_?[oO]f|ship)|[oO]rg_?[mM]ember|[mM]oderator|[mM]aintainer|[cC]ollaborator|[sS]taff|[sS]uper_?[uU]ser)\w{0,20}\s*\(/,
  },
  // Objects that are named for the decision they take
  {
    what: "guard",
    told: true,
    pattern:
      /\b\w{0,40}(?:Authori[sz]ation|AccessControl|Permissions?|Acl|Rbac|RoleHelper|ProjectRole|projectRole)\b.{0,80}?(?:->|\.|::)(?:check|can|has|allows?|assert|verify|authori[sz]e|enforce|require|isAllowed|isGranted)\w{0,40}\(/,
  },
  {
    what: "guard",
    pattern:
      /\b(?:throw|raise)\b.{0,80}\b\w{0,40}(?:Forbidden|Unauthori[sz]ed|AccessDenied|NotAllowed|PermissionDenied|NotPermitted|NotAuthori[sz]ed)\w{0,20}\s*[({.]/,
  },
  // Refusals
  {
    what: "guard",
    pattern:
      /\b(?:throw|raise|return|Err)\b.{0,80}\b(?:UNAUTHORIZED|FORBIDDEN|PERMISSION_DENIED|ACCESS_DENIED|NOT_AUTHORIZED)\b/,
  },
  {
    what: "guard",
    pattern:
      /\babort\(\s*40[13]\b|\bStatus(?:Unauthorized|Forbidden)\b|\bcodes\.(?:Unauthenticated|PermissionDenied)\b|\b(?:Unauthorized|Forbidden)(?:Exception|Error|Problem|Result)?\(|\bHttpResponseForbidden\b|\bPermissionDenied\b|\bAccessDenied\w*\b|\bHttpStatus\.(?:UNAUTHORIZED|FORBIDDEN)\b|\bhead\s+:(?:unauthorized|forbidden)\b|\.status\(\s*40[13]\s*\)|\bstatus:\s*40[13]\b|\bHTTP_40[13]\w*|raise\s+(?:Forbidden|Unauthorized|NotAuthorized)\w*|\bunauthorized\(|\bforbidden\(/,
  },
  {
    what: "guard",
    pattern:
      /^(?:func|fn|pub fn|async fn|pub async fn)?.*\b(?:_headers|headers|guard|_user|conn):\s*(?:Headers|AdminHeaders|OwnerHeaders|ManagerHeaders\w*|AdminToken|AuthUser|Claims|CurrentUser)\b/,
  },
  // Tests of a role in a condition
  {
    what: "role",
    pattern:
      /\b\w{0,40}[rR]ole\w{0,20}(?:\.value)?\s*(?:[!=]==?|<=|>=|<|>|\bnot in\b|\bin\b)\s*[[({]?\s*(?:(?:[A-Z]\w{0,40}[rR]oles?|ROLES?)(?:\.|::)\w{0,30}(?:ADMIN|OWNER|GUEST|VIEWER|EDITOR|MEMBER|MODERATOR|MANAGER|STAFF|USER|READ|WRITE|Admin|Owner|Guest|Viewer|Editor|Member|Moderator|Manager|Staff)|ROLES?\b(?!\.)|["'](?:admin|administrator|owner|guest|viewer|editor|member|moderator|manager|staff|superuser|reader|writer)["'])/,
  },
  {
    what: "role",
    pattern:
      /\b(?:is_admin|isAdmin|is_superuser|isSuperAdmin|is_staff|IsAdmin|isOwner|is_owner|IsOwner|isSuperUser|is_\w{1,30}_admin(?:istrator)?|is[A-Z]\w{0,30}Admin(?:istrator)?)\b|\b(?:super)?admin\?|_admin\?/,
  },
];

/** The rights and roles that a guard is told: words in quotes, symbols, constants of an enumeration. */
const rights =
  /["']([\w.:-]{2,60})["']|:([a-z]\w{1,40})\b|\b([A-Z][\w]{1,40}(?:\.|::)[A-Z_]\w{1,40})\b|\b((?:\w{1,20}_)?(?:view|edit|read|write|manage|admin)(?:_\w{1,20})?)\b/g;
/** So much of a line behind the guard's name can be its arguments. */
const longestTold = 160;

function withRights(code: string, matched: string, index: number): string {
  const told = code.slice(index, index + matched.length + longestTold);
  return [matched, ...[...told.matchAll(rights)].map((found) => found.slice(1).find((one) => one !== undefined))].join(
    " ",
  );
}

/** A condition on whether an account may be used at all. */
const accountState =
  /^(?:\}?\s*(?:else\s+)?(?:if|elif|elsif|unless)|return|raise|throw|abort)\b.{0,160}\b(?:\w{0,30}[uU]ser|\w{0,30}[aA]ccount|[mM]ember|[oO]wner|[cC]ustomer)(?:\(\))?(?:\.|->|\?\.|&\.)(?:is_?|get)?(?:[dD]isabled|[sS]uspended|[lL]ocked|[bB]anned|[bB]locked|[dD]eactivated|[dD]emo|[aA]ctivated|is_active|isActive|active\?|active_for|confirmed\?|verified|email_verified|emailVerified|email_confirmed)\w*/;

const payment = /charge|payment|card|wallet|\bpay[A-Z_]/i;
const declaredGuard = /^before_(?:action|filter)\b|\bGate::define\(|->middleware\(.*->(?:except|only)\(/;

const formsIn = formSearch(forms.map(({ pattern }) => pattern));

/** A guard on a line: what it says, and whether it may never run there (`standsWeakly`). */
interface Guard {
  readonly what: GuardForm["what"];
  readonly matched: string;
  readonly isWeak: boolean;
}

/** A text; one in double quotes or back-ticks may go on in the next line. */
const quoted = /'(?:\\.|[^'\\])*'|(["`])(?:\\.|(?!\1)[^\\])*(?:\1|$)/g;
const behindCondition =
  /^(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|while)\b.{0,300}[:{)]\s*(?:(?:await|return|throw)\s+)?$/;

/** Inside a text, or behind a condition on the same line: `log("requireUser()")` and `if (strict) requireUser();`. */
function standsWeakly(code: string, index: number): boolean {
  if (behindCondition.test(code.slice(0, index))) return true;
  return [...code.matchAll(quoted)].some((text) => index > text.index && index < text.index + text[0].length);
}

function guardOn(code: string): Guard | undefined {
  const isWorthTrying = formsIn(code);
  for (const [index, { what, pattern, told }] of forms.entries()) {
    if (!isWorthTrying(index)) continue;
    const found = pattern.exec(code);
    // What a guard that is declared for a whole class leaves out is part of it.
    // A bank authorises a payment; that is no right of a caller.
    if (found && /authori[sz]e/i.test(found[0]) && payment.test(code)) continue;
    if (!found) continue;
    const isWeak = standsWeakly(code, found.index);
    // `Gate::define` says the right and who has it on one line.
    if (told && !declaredGuard.test(code)) return { what, matched: withRights(code, found[0], found.index), isWeak };
    return { what, matched: declaredGuard.test(code) ? code : found[0], isWeak };
  }
  const state = accountState.exec(code);
  return state ? { what: "guard", matched: state[0], isWeak: false } : undefined;
}

/** Guards of one side by what they say, with how often: a guard that stands on both sides was only reworded around. */
interface Counts {
  readonly all: Map<string, number>;
  /** Those of them that may never run. */
  readonly weak: Map<string, number>;
}

function countGuards(lines: readonly CodeLine[]): Counts {
  const counts: Counts = { all: new Map(), weak: new Map() };
  for (const line of lines) {
    if (line.isImport) continue;
    const guard = guardOn(line.code);
    if (!guard) continue;
    for (const map of guard.isWeak ? [counts.all, counts.weak] : [counts.all])
      map.set(guard.matched, (map.get(guard.matched) ?? 0) + 1);
  }
  return counts;
}

/** What runs the lines below it never, once or many times. */
const wrapping = /^(?:\}?\s*else\s*)?(?:if|elif|elsif|unless|for|foreach|while)\b|\.(?:each|forEach)\b|\bfor each\b/;

/** The check stands as before, but newly under a condition or in a loop that no removed line had. */
function isWrapped(lines: readonly CodeLine[], index: number, matched: string): boolean {
  const indent = indentOf(lines[index]?.text ?? "");
  const earlier = lines.find(({ kind, code }) => kind === "removed" && guardOn(code)?.matched === matched);
  if (!earlier || indentOf(earlier.text) >= indent) return false;
  for (const above of lines.slice(0, index).reverse()) {
    if (above.kind === "removed" || above.code === "" || indentOf(above.text) >= indent) continue;
    return above.kind === "added" && wrapping.test(above.code) && guardOn(above.code) === undefined;
  }
  return false;
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** A line that chooses or compares. */
const deciding =
  /^(?:\}?\s*else\s+)?(?:if|elif|elsif|unless|while|when|case|guard|return|match)\b|&&|\|\||[!=]=|\?\s|\b(?:and|or|not|in)\b/;

/** Marks that stand above what they guard. */
const marker = /^(?:@|\[|#\[)/;

/** Removed lines whose whole function went with them: what nobody can call needs no check. */
function linesOfGoneFunctions(file: InspectedFile): ReadonlySet<CodeLine> {
  const kept = new Set(file.allAdded.map((line) => declaredIn(line.code, file.language)?.name));
  const gone = new Set<CodeLine>();
  for (const { lines } of file.hunks) {
    let isGone = false;
    const above: CodeLine[] = [];
    for (const line of lines) {
      if (line.kind === "added" || line.code === "") continue;
      const declared = declaredIn(line.code, file.language);
      if (declared) {
        isGone = line.kind === "removed" && declared.kind === "function" && !kept.has(declared.name);
        if (isGone) for (const mark of above) gone.add(mark);
      } else if (line.kind === "context") isGone = false;
      if (marker.test(line.code) && !declared) above.push(line);
      else above.length = 0;
      if (isGone && line.kind === "removed") gone.add(line);
    }
  }
  return gone;
}

/** A default value of a parameter or field decides nothing. */
const defaultValue = /^\$?\w+\s*(?::\s*\w+\s*)?=\s*(?:True|False|true|false)[,;)]*$/;

function inspectFile(file: InspectedFile): Sighting[] {
  if (file.role !== "production") return [];
  const found: Sighting[] = [];
  const gone = linesOfGoneFunctions(file);
  const scan = (lines: readonly CodeLine[], side: "added" | "removed", { all, weak }: Counts): void => {
    for (const line of lines) {
      // A name alone is an element of a list of imports that opened above.
      if (line.isImport || /^[\w:{}*, ]+,?;?$/.test(line.code)) continue;
      // A script gives a function its name here; what it does stands below.
      if (file.language === "shell" && /^(?:function\s+)?[\w-]+\s*\(\)\s*\{?$/.test(line.code)) continue;
      const guard = guardOn(line.code);
      if (guard === undefined || gone.has(line)) continue;
      if (guard.what === "role" && defaultValue.test(line.code)) continue;
      // One that ran is not replaced by one that may never run.
      const mayNotRun = weak.get(guard.matched) ?? 0;
      const unfit = side === "removed" && guard.what === "guard" && !guard.isWeak ? mayNotRun : 0;
      const other = (all.get(guard.matched) ?? 0) - unfit;
      // A role that stands on both sides matters where the new line decides by it, not where it is handed on.
      if (other > 0 && (guard.what !== "role" || !deciding.test(line.code))) {
        all.set(guard.matched, other + unfit - 1);
        if (guard.isWeak && mayNotRun > 0) weak.set(guard.matched, mayNotRun - 1);
        continue;
      }
      found.push({
        what: `${guard.what}-${side}`,
        path: file.path,
        ...(line.newLine === undefined ? {} : { line: line.newLine }),
        ...(line.newLine === undefined && line.oldLine !== undefined ? { baseLine: line.oldLine } : {}),
        name: file.path.slice(file.path.lastIndexOf("/") + 1),
        evidence: line.text,
      });
    }
  };
  scan(file.added, "added", countGuards(file.removed));
  scan(file.removed, "removed", countGuards(file.added));
  // A line that is only re-indented counts as moved: what it now stands under is seen here.
  for (const { lines } of file.hunks) {
    for (const [index, line] of lines.entries()) {
      if (line.kind !== "added" || line.newLine === undefined || line.isImport) continue;
      const guard = guardOn(line.code);
      if (guard?.what !== "guard" || !isWrapped(lines, index, guard.matched)) continue;
      const name = file.path.slice(file.path.lastIndexOf("/") + 1);
      found.push({ what: "guard-added", path: file.path, line: line.newLine, name, evidence: line.text });
    }
  }
  return found;
}

export const detector: Detector = {
  name: "guards",
  sees: ["guard-added", "guard-removed", "public-added", "public-removed", "role-added", "role-removed"],
  inspect: (files) => files.flatMap(inspectFile),
};
