import type { CodeLine } from "./code-line.ts";
import type { Language } from "./language.ts";

/*
 * Frameworks that render on both sides keep server code beside what a browser shows, under the folders of a web client:
 * `apps/web/src/lib/auth.ts` answers requests, `web/src/lib/auth.ts` of another project calls them. The path does not tell;
 * what the lines use does.
 */

/** Modules that only a server can load: of the runtime, of the frameworks, of stores, mail and identity. */
const serverModule =
  /\bfrom\s+["'](?:server-only|next\/(?:server|headers)|next-auth(?:\/(?:next|providers\/[\w-]{1,40}|jwt))?|better-auth(?:\/(?:plugins|api|adapters\/[\w-]{1,40}|next-js))?|@trpc\/server(?:\/[\w/-]{1,60})?|node:\w{2,20}(?:\/\w{1,20})?|fs(?:\/promises)?|child_process|express|fastify|koa|hono(?:\/[\w/-]{1,60})?|nodemailer|bcrypt(?:js)?|argon2|jsonwebtoken|@prisma\/client|drizzle-orm(?:\/[\w/-]{1,40})?|kysely|knex|mongoose|typeorm|ioredis|redis|stripe|@aws-sdk\/[\w-]{1,60}|@remix-run\/node|@sveltejs\/kit|h3)["']/;

/** Parts of a page: hooks of React and what browsers alone have. Such a file takes types from a server's modules. */
const ofBrowser =
  /^["']use client["']|\buse(?:State|Reducer|Effect|LayoutEffect|Ref|Router|Query|Mutation|Session|Context|Callback|Memo|Translation|Form|Formik|SWR|Toast)[(<]|\bon(?:Click|Change|Submit|Close|Select|Blur|KeyDown)=\{|\b(?:window|document|localStorage|sessionStorage)\./;

/** Components that wait for what they show: a browser runs none. */
const waitingComponent =
  /^(?:export\s+)?(?:default\s+)?async\s+function\s+[A-Z]\w*\(|^(?:export\s+)?const\s+[A-Z][a-z]\w*(?::\s*\w[\w.<>]*)?\s*=\s*async\s*\(/;

/**
 * Headers and cookies of the request as Next.js gives them, sessions of Auth.js, iron-session and Supabase, answers of Express, stores,
 * and Node's cryptography: https://nextjs.org/docs/app/api-reference/functions
 */
const answering =
  /\b(?:await\s+)(?:cookies|headers|draftMode|auth|currentUser)\(\)|\b(?:cookies|headers)\(\)\.(?:get|set|has|delete|getAll)\(|\bget(?:Server|ServerAuth|Auth)Session\(|\bunstable_(?:cache|noStore)\(|\b(?:getIronSession|create(?:Server|RouteHandler|ServerComponent|ServerAction|Middleware)Client|getToken)\(\{?\s*(?:req\b|\{|$|cookies|await)|\bres\.(?:sendStatus|send|redirect|render|setHeader|cookie|clearCookie|json)\(\s*[^)\s]|\breq\.(?:session|params|cookies|signedCookies)\b|\b(?:redis|redisClient)\.\w{2,20}\(|\bgetRedis\w{0,20}\(|\bgetClientIp\w{0,10}\(|\bprisma\.\$\w{3,20}|\b(?:db|tx)\.(?:select|insert|update|delete|query|transaction|execute)\b(?:\(|\.\w)|\bcrypto\.(?:createHmac|createHash|createCipheriv|createDecipheriv|timingSafeEqual|randomBytes|scrypt|pbkdf2)\w{0,6}\(|\bjwt\.(?:sign|verify)\(|\b\w{0,20}[aA]ctionClient\b|^export\s+(?:const\s+(?:loader|action)\s*(?::[^=]{1,60})?=\s*async|async\s+function\s+(?:loader|action|getStaticProps|generateMetadata))\b/;

/** Calls and names that exist on a server alone. */
const serverOnly =
  /^["']use server["']|\b(?:prisma|db|tx|ctx\.(?:db|prisma))\.\w{2,40}\.(?:findUnique|findFirst|findMany|create|createMany|update|updateMany|upsert|delete|deleteMany|count)\w{0,10}\(|\bNextResponse\b|\bNextRequest\b|\bNextApi(?:Request|Response|Handler)\b|\bres\.status\(|\bgetServerSideProps\b|\bcreateTRPCRouter\(|\bdefineEventHandler\(|\b(?:Loader|Action)FunctionArgs\b|\b(?:RequestHandler|RequestEvent)\b|\bTRPCError\b|\bctx\.(?:user|session|req|res)\b|\b\w{2,40}Procedure\.(?:input|use|query|mutation|meta)\b|\brevalidate(?:Path|Tag)\(|\bbetterAuth\(|\bNextAuth\(|\bgetServerSession\(|\bcreateTransport\(|\bprocess\.env\.(?!NEXT_PUBLIC_)\w{0,60}(?:SECRET|PASSWORD|PRIVATE|SMTP|DATABASE|REDIS|S3_|TOKEN)\w{0,60}/;

/**
 * Places that the conventions of Next.js, Nuxt, Remix and SvelteKit give to a server, wherever the client lives: `pages/api/users.ts`,
 * `app/users/route.ts`, `server/api/users.ts` and `features/users/server/list.ts`, `users.server.ts`, `+server.ts`.
 */
const serverPlace =
  /(^|\/)(?:(?:src|app|web|client)\/trpc\/(?!(?:client|react|provider)\b)|server\/(?!(?:client|react|provider)\b)|pages\/api\/|(?:middleware|instrumentation|\+server|server)\.[jt]s$|app\/(?:.+\/)?route\.[jt]s$|[^/]*\.server\.[jt]s$)/;

/** Routes of Next.js, and the package of a service beside the one of its pages: some write all their code with the ending of React. */
const serverPackage =
  /(^|\/)(?:app\/(?:.+\/)?route\.tsx$|(?:apps|packages|services)\/(?:backend|server|api)\/(?!.*(?:emails?|templates|components|views)\/).+\.tsx$)/;
/** A tag of a page, at the beginning of a line. */
const tag = /^<\/?[A-Za-z>]/;

/**
 * Whether a file that its path calls a part of the client runs on a server.
 * @param headings what git says of each hunk: the beginning of the declaration that it stands in
 * @param lines all lines that its patch shows
 */
export function runsOnServer(
  path: string,
  language: Language,
  headings: readonly string[],
  lines: readonly CodeLine[],
): boolean {
  if (language !== "javascript" || !/\.[cm]?[jt]sx?$/.test(path)) return false;
  if (/\.[jt]s$/.test(path) && serverPlace.test(path)) return true;
  const texts = [...headings, ...lines.map(({ code }) => code)];
  if (serverPackage.test(path) && !texts.some((code) => ofBrowser.test(code) || tag.test(code))) return true;
  if (texts.some((code) => serverOnly.test(code) || answering.test(code))) return true;
  const isServer = texts.some((code) => serverModule.test(code) || waitingComponent.test(code));
  const stands = lines.filter(({ kind }) => kind !== "removed").map(({ code }) => code);
  return isServer && ![...headings, ...stands].some((code) => ofBrowser.test(code));
}
