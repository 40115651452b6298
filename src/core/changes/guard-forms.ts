import type { GuardForm } from "./guard-form.ts";
import { guardFormsInOwnWords } from "./guard-forms-in-own-words.ts";

/*
 * How the common frameworks, and people in code of their own, write who may pass: guards, decorators, filters, checks and
 * refusals, on one line.
 */

/** The first that a line matches says what it is. */
export const guardForms: readonly GuardForm[] = [
  // Ways past the guard
  {
    what: "public",
    pattern:
      /\bpermitAll\b|\[AllowAnonymous\b|\.AllowAnonymous\(|@Public\(\)|@AllowAny\b|\bAllowAny\b|\bskip_before_action\s+:(?:authenticate|authorize|require|verify)|\bskip_authorization(?:_check)?\b|\bskip_(?:load_and_)?authorize_resource\b|@csrf_exempt\b|\bexcept_csrf|skip_before_action :verify_authenticity_token|csrf\(\)\.disable|\bcsrf\s*\{\s*disable|\.ignoringAntMatchers\(|requires_no_auth|\bisUnauthorizeAllowed\w*|withoutMiddleware\(|->Auth->(?:allow|deny)\(|->(?:addUnauthenticatedActions|allowUnauthenticated)\(|@PermitAll\b|\bno_auth\b|[sS]kipper:|\bIgnoreAntiforgeryToken\b|\bDisableAntiforgery\b/,
  },
  // A mark that demands something, whatever the project calls it: `@group_required("guest")`, `@internalOnly()`
  {
    what: "guard",
    told: true,
    languages: ["python", "javascript"],
    pattern: /^@(?:\w{1,40}\.){0,3}\w{2,40}(?:_required|_only|Required|Only)\b(?!\.)/,
  },
  // Classes that views inherit a demand from: `class Orders(EnsureSession, View):`
  {
    what: "guard",
    told: true,
    languages: ["python"],
    pattern: /^class\s+\w+\([\w., ]{0,200}\b(?:Ensure|Requires?|Restrict|Must)[A-Z]\w{2,40}\b/,
  },
  // Views that are wrapped where their address is declared: https://docs.djangoproject.com/en/stable/topics/auth/default/
  {
    what: "guard",
    languages: ["python"],
    pattern:
      /^(?!(?:async\s+)?def\b|class\b).*[^\w@](?:\w{1,30}\.){0,3}(?:admin_view|(?:login|permission|staff_member|superuser|auth|role|group|admin)_required|user_passes_test|require_(?:login|auth\w{0,20}|admin|permission|role))\(/,
  },
  // Rights that are named to a guard: CanCanCan, Pundit, Action Policy; Laravel, Symfony; Django; NestJS, tRPC
  {
    what: "guard",
    told: true,
    pattern:
      /(?:^|[^\w.])(?:auth|authenticate|authorize)\(\s*(?=[{["'])|\b(?:has_access|hasAccess|user_can|userCan|has_\w{1,20}_privilege)\w*\(|\b(?:has|have|lacks|holds)_?[A-Za-z]\w{0,40}?(?:Access|_access|Permissions?|_permissions?|Privileges?|_privileges?|Authority|Entitlements?)(?:To|For|On|Over|_to|_for|_on)?(?:[A-Z_]\w{0,30})?\(/,
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
      /(?:^|[^\w.])\$?(?:accepted|allowed|permitted|required|minimum|min|needed)_?(?:[rR]oles?|[pP]ermissions?|[sS]copes?|ROLES?|PERMISSIONS?|SCOPES?)["']?\s*(?:=>?|:)\s*[[({"'A-Z]/,
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
  // Marks of Spring, Jakarta, Quarkus, Shiro, Sa-Token and token-support, with what they are told
  {
    what: "guard",
    told: true,
    languages: ["java", "kotlin", "scala"],
    pattern:
      /^@(?:P(?:re|ost)Filter|PermissionsAllowed|Requires(?:Roles|Permissions|Authentication|User|Guest)|Sa(?:CheckLogin|CheckRole|CheckPermission|CheckSafe|Ignore)|ServletSecurity|HttpConstraint|SecurityDomain|RunAs|DenyAll|Authenticated|ProtectedWithClaims|ProtectedWithClaim|RequiredIssuers|Secured)\b/,
  },
  {
    what: "guard",
    languages: ["java", "kotlin", "scala"],
    pattern:
      /\.(?:authenticated|fullyAuthenticated|denyAll|hasIpAddress|hasScope|hasAnyScope)\(|(?:^|[(,]\s*)@Auth\b(?!\w)|\bHttpStatusCode\.(?:Forbidden|Unauthorized)\b/,
  },
  {
    what: "public",
    languages: ["java", "kotlin", "scala"],
    pattern: /^@Unprotected\b|\.ignoring\(\)|\.anonymous\(\)|\bIS_ANONYMOUS\b/,
  },
  // Guards
  {
    what: "guard",
    pattern:
      /^@(?:login_required|permission_required|requires?_(?!(?:stripe|redis|celery|docker|postgres\w*|mysql|sqlite|python|django|network|internet|package|module|extension|db|database|config|settings?)\b)\w*|authorize\w*|authenticated?\w*|auth\w*|UseGuards|PreAuthorize|PostAuthorize|Secured|RolesAllowed|Roles|HasPermission|RequirePermission|Authorized|require_\w+|staff_member_required|user_passes_test|permission_classes|authentication_classes|check_\w*(?:key|auth|permission)\w*|ProtectedEndpoint|SecurityRequirement)\b/,
  },
  {
    what: "guard",
    pattern:
      /^\[(?:Authorize|ValidateAntiForgeryToken|RequireScope|RequiresRole|RequirePermission|RoleAuthorize)\b|\.RequireAuthorization\(|\.AddAuthorization\w*\(|\b(?:Fallback|Default)Policy\s*=|\.AddPolicy\(|\.RequireRole\(|\.RequireClaim\(/,
  },
  {
    what: "guard",
    pattern:
      /^before_(?:action|filter)\s+(?::\w{1,60}[!?]?,\s*){0,3}:(?:auth\w*|(?:require|check|verify|ensure)_?\w*(?:user|login|logged|log_in|sign|auth|admin|owner|manager|moderator|staff|permission|privilege|access|token|key|secret|role|allow|enable|feature|flag|member|ban|block|confirm|verif|active|captcha|limit|throttl|ip\b|host|session|tenant|account|organi[sz]ation|team|2fa|mfa|two_factor|setup|read_only|same_origin|https|ssl|valid|public|private)\w*|load_and_authorize\w*)|\bauthorize\s+[@:\w]+|\bbefore_request\(\s*(?:requires?_|auth|check)|\bverify_authorized\b|\bdoorkeeper_authorize!/,
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
      /\b(?:check|ensure|require|verify|assert)_(?:\w{1,40}_)?(?:user|member|person|blocked|block|banned|ban|enabled|allowed|visibility|tenant)(?!_(?:collection|record|row|table|index|folder|directory|file|entry|settings|profile|cache|count|name|avatar|image)s?\b)(?:_\w{1,40})?[!?]?\(|\b(?:check|ensure|require|assert)(?:\w{0,30})(?:Blocked|Banned|Allowed|Visibility|Tenant|Membership)\w{0,30}\(/,
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
  ...guardFormsInOwnWords,
  // Refusals of Go, Rust and .NET that carry no number
  {
    what: "guard",
    languages: ["go", "rust", "csharp"],
    pattern:
      /\b(?:Err|ok_or|bail!|anyhow!)\(\s*(?:\w+::){0,4}\w{0,40}(?:Forbidden|Unauthori[sz]ed|PermissionDenied|AccessDenied|NotAllowed|NotPermitted|InsufficientPermissions?|Unauthenticated)\w{0,20}|\bok_or_else\(\|\|\s*(?:\w+::){0,4}\w{0,40}(?:Forbidden|Unauthori[sz]ed|PermissionDenied)|\bStatus::(?:permission_denied|unauthenticated)\(|\breturn\b.{0,80}\b(?:fiber\.Err(?:Forbidden|Unauthorized)|\w{0,40}\.?New(?:Forbidden|Unauthori[sz]ed|PermissionDenied|AccessDenied)\w{0,20}\(|(?:TypedResults\.|Results\.)?(?:Forbid|Challenge)(?:Result|HttpResult)?\()|\bconnect\.Code(?:PermissionDenied|Unauthenticated)\b/,
  },
  // Questions by name, and demands of a policy: https://learn.microsoft.com/aspnet/core/security/authorization/policies
  {
    what: "guard",
    told: true,
    languages: ["go", "rust", "csharp", "java", "kotlin"],
    pattern:
      /\b(?:[hH]as|[hH]old|[rR]equire|[cC]heck|[gG]rants?|has_|require_|check_)(?:Any|All|any_|all_)?(?:Scope|Role|Permission|Right|Privilege|Capability|scope|role|permission|privilege|capability)s?\(|\bRequireAuthenticatedUser\(|\bRequirements\.Add\(|\bRequireAssertion\(|\bRequireUserName\(|\[(?:FeatureGate|EnableRateLimiting|DisableRateLimiting|EnableCors|RequireHttps|AutoValidateAntiforgeryToken|PermissionFilter|TypeFilter|ServiceFilter)\(/,
  },
  // Validators that are made for one right: `ValidateOrderAccess::new(Flag::Update, id)`
  {
    what: "guard",
    told: true,
    languages: ["go", "rust", "csharp", "java", "kotlin"],
    pattern:
      /\b(?:Validate|Check|Require|Ensure|Verify|Authorize)[A-Z]\w{0,40}(?:Access|Permissions?|Rights?|Roles?)(?:::new)?\(/,
  },
  // Asked of the caller: https://learn.microsoft.com/dotnet/api/system.security.claims.claimsprincipal, https://learn.microsoft.com/aspnet/core/security/authorization/resourcebased
  {
    what: "guard",
    told: true,
    languages: ["csharp"],
    pattern: /\.(?:IsInRole(?:Async)?|HasClaim|AuthorizeAsync|IsSignedIn|CheckPasswordSignInAsync|IsLockedOutAsync)\(/,
  },
  // Yii, CakePHP and Laravel ask by the name of a class as well: https://www.yiiframework.com/doc/guide/2.0/en/security-authorization
  {
    what: "guard",
    told: true,
    languages: ["php"],
    pattern:
      /(?:->|::)(?:can|cannot|canAny|may|isAllowed|checkAccess|hasPermission)\(\s*(?:new\s+)?\\?[A-Z][\w\\]{2,80}(?:::class)?\b|\bAuth::(?:check|guest)\(|\bauth\([^)]{0,20}\)->(?:check|guest)\(|->(?:isGuest|isLoggedIn|isSystemAdmin)\b/,
  },
  // Request guards of Rocket: a type among the parameters lets nobody else in. https://rocket.rs/guide/requests/#request-guards
  {
    what: "guard",
    languages: ["rust"],
    pattern:
      /^(?:func|fn|pub fn|async fn|pub async fn)?.*\b(?:_headers|headers|guard|_user|conn):\s*(?:Headers|AdminHeaders|OwnerHeaders|ManagerHeaders\w*|AdminToken|AuthUser|Claims|CurrentUser)\b/,
  },
  // Tests of a role in a condition
  {
    what: "role",
    pattern:
      /\b\w{0,40}[rR]ole\w{0,20}(?:\.value)?\s*(?:[!=]==?|<=|>=|<|>|\bnot in\b|\bin\b)\s*[[({]?\s*(?:(?:[A-Z]\w{0,40}[rR]oles?|ROLES?)(?:\.|::)\w{0,30}(?:ADMIN|OWNER|GUEST|VIEWER|EDITOR|MEMBER|MODERATOR|MANAGER|STAFF|USER|READ|WRITE|Admin|Owner|Guest|Viewer|Editor|Member|Moderator|Manager|Staff)|ROLES?\b(?!\.)|["'](?:admin|administrator|owner|guest|viewer|editor|member|moderator|manager|staff|superuser|reader|writer)["'])/,
  },
  // A flag that says whether the caller holds something
  {
    what: "role",
    languages: ["go", "rust", "csharp", "java", "kotlin", "php"],
    pattern:
      /^(?:\}?\s*(?:else\s+)?)?(?:if|elif|while|return)\b.{0,120}[!(\s$.>](?:has|contains|lacks|holds)_?\w{0,30}(?:[rR]ole|[pP]ermission|[pP]rivilege|[aA]uthority)s?\b(?!\()/,
  },
  {
    what: "role",
    languages: ["go", "rust", "csharp", "java", "kotlin"],
    pattern:
      /\.[rR]ole(?:s|Name|Type)?(?:\(\))?\s*[!=]=\s*&?(?:\w{1,40}(?:\.|::)){0,3}\w{0,30}(?:Admin|Owner|Guest|Viewer|Editor|Member|Moderator|Manager|Staff|Visitor|Collaborator|Operator|Reader|Writer|Superuser)\w{0,20}\b/,
  },
  // A role that the caller is said to hold, by one property: `if (!auth.credentials.moderator) {`
  {
    what: "role",
    languages: ["go", "csharp"],
    pattern:
      /^(?:\}?\s*(?:else\s+)?if|return)\b.{0,120}\b\w{0,30}(?:[uU]ser|[mM]ember|[aA]ccount|[aA]ctor|[cC]redentials|[sS]ession|[aA]uth|[vV]iewer|[cC]aller|[pP]rincipal)\??\.(?:Admin|SuperAdmin|Moderator|Staff|Superuser|Maintainer|Privileged)\b(?!\s*(?:=[^=]|[(.:]))/,
  },
  {
    what: "role",
    languages: ["javascript"],
    pattern:
      /^(?:\}?\s*(?:else\s+)?if|return)\b.{0,120}\b\w{0,30}(?:[uU]ser|[mM]ember|[aA]ccount|[aA]ctor|[cC]redentials|[sS]ession|[aA]uth|[vV]iewer|[cC]aller|[pP]rincipal)\??\.(?:admin|superadmin|superAdmin|moderator|staff|superuser|maintainer|privileged|manager)\b(?!\s*(?:=[^=]|[(.:]))/,
  },
  // Who calls, asked as a property: https://docs.djangoproject.com/en/stable/ref/contrib/auth/#attributes
  {
    what: "role",
    languages: ["python"],
    pattern:
      /\b(?:request|req|self|info|context|g|current_user|user)\b[\w.]{0,40}\.is_(?:authenticated|anonymous)\b(?!\s*\()|\b(?:user|requestor|requester|current_user|actor|caller|member)\.(?:admin|superuser|staff)\b(?!\s*[=(.])/,
  },
  {
    what: "role",
    pattern:
      /\b\w{0,30}(?:[uU]ser|[mM]ember|[aA]ccount|[aA]ctor)\.(?:type|kind|level|rank|group)\s*[!=]==?\s*["'](?:admin|administrator|owner|guest|moderator|manager|staff|superuser|root)["']/,
  },
  {
    what: "role",
    pattern:
      /\b(?:is_admin|isAdmin|is_superuser|isSuperAdmin|is_staff|IsAdmin|isOwner|is_owner|IsOwner|isSuperUser|is_\w{1,30}_admin(?:istrator)?|is[A-Z]\w{0,30}Admin(?:istrator)?)\b|\b(?:super)?admin\?|_admin\?/,
  },
];
