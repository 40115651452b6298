import type { CodeLine } from "../code-line.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import { type Language, programmingLanguages } from "../language.ts";
import { hostsOn, isCompared, isKeptForReaders, isNoTarget } from "../named-hosts.ts";
import { isResourceDefinition } from "../path-role.ts";

/*
 * Other systems that the code newly talks to: hosts in addresses, and clients of services that are constructed.
 */

interface ClientForm {
  readonly pattern: RegExp;
}

/** Constructors of clients of other systems, by the way their names end. */
const clients: readonly ClientForm[] = [
  {
    pattern:
      /\bnew\s+((?:S3|SQS|SNS|SES|SESv2|DynamoDB|Lambda|Kinesis|SecretsManager|SSM|KMS|EventBridge|Textract|Rekognition|Comprehend|Bedrock\w*|CognitoIdentity\w*|Stripe|Twilio|OpenAI|Anthropic|Mailgun|SendGrid|Postmark|Slack\w*|WebClient|Octokit|Pusher|Algolia\w*|MeiliSearch|Elasticsearch|Redis|IORedis|Kafka|MongoClient|Pool|Queue|AWS\.[A-Z]\w{1,30}|Telegraf|NotifyClient|BlobServiceClient|BlobContainerClient|ServiceBusClient|QueueClient|EventHub\w*|SecretClient|CosmosClient|HttpClient|RestTemplate|WebClient|SocksProxyAgent|HttpsProxyAgent|ProxyAgent|SmtpClient|TelegramBot\w*)(?:Client)?)\s*\(/,
  },
  { pattern: /\bboto3\.(?:client|resource)\(\s*["']([\w-]{2,40})/ },
  {
    pattern:
      /\b(sentry_sdk\.init|Sentry\.init|newrelic\.agent\.initialize|datadog\.initialize|init_app_insights|LaunchDarkly\w*\.init\w*|braintree\.\w+\.\w+|stripe(?:\.\w{2,30}){1,3}\.(?:create|update|retrieve|list|cancel|confirm|capture|attach|construct)\w{0,20}|openai\.\w+|SmtpTransport::\w+|nodemailer\.createTransport|smtplib\.SMTP\w*|ldap3\.Connection|ldap\.initialize|paramiko\.SSHClient|pysftp\.Connection|Faraday\.new|Net::HTTP\.\w+|RestClient\.\w+)\s*\(/,
  },
  {
    pattern:
      /\b((?:smtp|ldap|sftp|kafka|redis|mongo|amqp|nats|mqtt|s3|sqs|sns|pubsub|openai|anthropic|stripe|twilio|sendgrid|mailgun|elasticsearch|opensearch|minio|gcs|storage|oidc|oauth2|webpush|apns|firebase|messaging)\.(?:New(?!\w*(?:Iterator|Filter|Options|Reader|Writer|Mapper|Error|Context|Cache)\b|\w*From)\w*|Dial\w*|Connect\w*|Initialize|NewClient|NewProvider))\(/,
  },
  {
    pattern:
      /\b(net\.Dial\w*|dialer\.Dial\w*|tls\.Dial\w*|grpc\.Dial\w*|grpc\.NewClient|websocket\.Dial\w*|http\.PostForm)\(/,
  },
  // Go: clients of the cloud, of clusters and of services, by the package's name
  { pattern: /\b(\w{2,30}\.(?:NewFromConfig|NewForConfig(?:OrDie)?))\(/ },
  {
    pattern:
      /\b((?:github|gitlab|gitea|bitbucket|slack|gomail|mail|postmark|resend|paypal|tgbotapi|discordgo|matrix|sentry|rollbar|bugsnag|newrelic|posthog|segment|pusher|algolia|cloudflare|hcloud|linodego|godo|jira|firebase|maps|pagerduty|onesignal|expo|vault|consul|nomad|route53|acme|ldap|plaid|zendesk|recaptcha|hcaptcha|turnstile)\.(?:New\w*|Init|Dial\w*))\(/,
  },
  // .NET: clients by their names, and what brings a service into the application
  {
    pattern:
      /\b(GrpcChannel\.ForAddress|Add(?:Grpc|Refit)Client<\w+>|RestService\.For<\w+>|UseSentry|AddSentry|AddApplicationInsightsTelemetry\w*|AddAzureKeyVault|AddAzureAppConfiguration|AddSecretsManager|AddSystemsManager|AddElmah\w*|AddRaygun|AddAzureClients|AddAWSService<\w+>)\(/,
  },
  {
    pattern:
      /\bnew\s+((?:Amazon\w{2,30}|\w{0,30}(?:Service|Graph|Blob|Queue|Table|Key|Certificate|Cosmos|Search|Translation|OpenAI|Chat|SendGrid|Twilio|Mailgun|GitHub|GitLab|Slack|Stripe|Storage|Firestore|Notification|Notify|Rest|Sftp|Ftp|Ssh|Imap|Pop3))Client)\(/,
  },
  // Rust: https://docs.rs/aws-sdk-s3 and others
  {
    pattern:
      /\b((?:aws_sdk_\w{2,30}|octocrab|gitlab|sentry|async_stripe|stripe|twilio|azure_\w{2,30}|google_\w{2,30}|ldap3|async_openai|openidconnect)::(?:Client::(?:new|from_conf)|Octocrab::builder|init|LdapConn\w*::new|\w+Client::new))\(/,
  },
  { pattern: /@FeignClient\(\s*(?:name\s*=\s*)?"?([\w-]*)/ },
  {
    pattern:
      /\b(WebClient\.builder|RestClient\.builder|RestTemplateBuilder|HttpClient\.newBuilder|AddHttpClient(?:<\w+(?:,\s*\w+)?>)?|reqwest::Client(?:::builder|::new)?|ClientBuilder::new|Http::(?:get|post|put|withToken|withHeaders|baseUrl|withBasicAuth)|new Client\(\s*\[\s*['"]base_uri)\s*\(?/,
  },
];

/** A new class that stands for another system. */
const clientType =
  /^(?:(?:export|public|final|abstract|open|sealed|partial|internal|static|default|readonly)\s+)*(?:class|interface|object|type|struct|pub struct|record)\s+(\w+(?:Client|ApiService|Gateway|Connector|Adapter|Integration|Provider|Transport|ExternalService|ApiClient|RestClient))\b/;

/** How code of a language calls over HTTP, and the import that comes with the first such call of a file. */
interface CallForm {
  readonly languages: readonly Language[];
  readonly call: RegExp;
  readonly library: RegExp;
}

const calls: readonly CallForm[] = [
  {
    languages: ["javascript"],
    call: /\b(axios(?:\.(?:get|post|put|patch|delete|request|create))?|got(?:\.(?:get|post|put|patch|delete|extend))?|ky(?:\.\w+)?|undici\.\w+|superagent\.\w+|needle\.\w+|https?\.request|fetch)\((?!\s*["'`]\/)/,
    library: /["'](?:axios|got|ky|undici|superagent|needle|node-fetch|cross-fetch|(?:node:)?https?)["']/,
  },
  {
    languages: ["python"],
    call: /\b(requests\.(?:get|post|put|patch|delete|request|Session)|httpx\.(?:get|post|put|patch|delete|request|Client|AsyncClient)|aiohttp\.ClientSession|urllib\.request\.urlopen|urlopen|urllib3\.PoolManager|http\.client\.HTTPS?Connection)\(/,
    library: /^(?:import|from)\s+(?:requests|httpx|aiohttp|urllib3?|http\.client)\b/,
  },
  {
    languages: ["go"],
    call: /\b(http\.(?:Get|Post|PostForm|NewRequest|NewRequestWithContext)|resty\.New|\w*[hH]ttpClient\.(?:Do|Get|Post))\(/,
    library: /"(?:net\/http|github\.com\/go-resty\/resty(?:\/v\d)?)"/,
  },
  {
    languages: ["java", "kotlin", "scala"],
    call: /\b(restTemplate\.(?:getFor\w+|postFor\w+|exchange|put|delete|execute)|HttpClient\.new\w+|HttpRequest\.newBuilder|OkHttpClient|HttpClients\.\w+|webClient\.(?:get|post|put|patch|delete|method))\(/,
    library:
      /^import\s+(?:org\.springframework\.web\.(?:client|reactive)|java\.net\.http|okhttp3|org\.apache\.http|io\.ktor\.client)\b/,
  },
  {
    languages: ["ruby"],
    call: /\b(HTTParty\.\w+|Faraday\.(?:get|post|put|delete)|Typhoeus\.\w+|HTTP\.(?:get|post|put|delete|auth|headers)|Excon\.\w+|Net::HTTP::(?:Get|Post|Put|Delete)\.new|URI\.open)\b/,
    library: /\b(?:httparty|faraday|typhoeus|net\/http|excon|open-uri)\b|include HTTParty/,
  },
  {
    languages: ["php"],
    call: /(?:\bnew \\?(?:\w+\\)*((?:Guzzle)?Client|HttpClient)\(|\b(curl_init|file_get_contents\(\s*(?:\$(?:\w*[uU]rl\w*)|["']https?:)|HttpClient::create|wp_remote_\w+|Http::\w+)\(?)/,
    library:
      /^use\s+(?:GuzzleHttp|Symfony\\Contracts\\HttpClient|Illuminate\\Support\\Facades\\Http|Psr\\Http\\Client)\b/,
  },
  {
    languages: ["csharp"],
    call: /\b(\w*(?:[hH]ttp|[cC]lient|_http)\w*\.(?:GetAsync|PostAsync|PutAsync|PatchAsync|DeleteAsync|SendAsync|GetFromJsonAsync|PostAsJsonAsync|PutAsJsonAsync|GetStringAsync))\b/,
    library: /^using\s+System\.Net\.Http\b/,
  },
  {
    languages: ["rust"],
    call: /\b(reqwest::(?:get|Client|blocking)|hyper::Client|ureq::\w+|surf::\w+|isahc::\w+|[cC]lient\s*\.(?:get|post|put|patch|delete|request)(?=\())/,
    library: /^use\s+(?:reqwest|hyper|ureq|surf|isahc)\b/,
  },
];

/** In these the client says what it is: nothing else is called `restTemplate.postForEntity`, `PostAsJsonAsync` or `http.NewRequest`. */
const callsByName: ReadonlySet<Language> = new Set(["go", "java", "kotlin", "scala", "csharp", "rust"]);

/**
 * The first call over HTTP of a file: sure where the file is new, only now takes the library in, or calls what can be
 * nothing else; a mere hint where calls may have stood before.
 */
function firstCall(file: InspectedFile): Sighting | undefined {
  if (file.role !== "production") return undefined;
  const form = calls.find(({ languages }) => languages.includes(file.language));
  if (!form) return undefined;
  const before = file.hunks.some(({ lines }) =>
    lines.some(({ kind, code }) => kind !== "added" && form.call.test(code)),
  );
  if (before) return undefined;
  for (const line of file.added) {
    if (line.isImport || line.newLine === undefined || !form.call.test(line.code)) continue;
    if (goesToOwnPath(file, line) || declaresFetch.test(line.code) || fetchesRows.test(line.code)) continue;
    const called = form.call
      .exec(line.code)
      ?.slice(1)
      .find((group) => group !== undefined);
    const isFetch = called === "fetch";
    const takesIn = file.added.some(
      ({ code, isImport }) => (isImport || file.language === "go") && form.library.test(code),
    );
    const isNamed = takesIn || callsByName.has(file.language);
    const isSure = file.file.status === "added" || (!isFetch && isNamed);
    const shared = { what: "call", path: file.path, line: line.newLine, evidence: line.text };
    const name = file.path.slice(file.path.lastIndexOf("/") + 1);
    return { ...shared, name, attributes: { called: called ?? "" }, ...(isSure ? {} : { confidence: "low" as const }) };
  }
  return undefined;
}

/** A method that is called `fetch` is declared here: `fetch(table: string): Promise<Row[]>;`. */
const declaresFetch =
  /^(?:(?:public|private|protected|static|async|override|abstract)\s+)*\*?fetch\(\s*(?:\w+\??:|\)\s*[:{])/;

/** Rows of a store of its own. */
const fetchesRows = /\b(?:db|database|\w*[sS]tore|\w*[tT]able|\w*[cC]ache|\w*[cC]ollection|cursor)\.fetch\(/;

/** Lines of a call among which its address stands. */
const linesOfCall = 3;

/** A new address of a call stands for it, as surely as the call was seen: it says more than that something is called. */
function withCall(named: readonly Sighting[], call: Sighting): readonly Sighting[] {
  const address = named.find((one) => one.what === "host" && isAt(one, call));
  if (address === undefined) return [...named, call];
  const { confidence: _, ...sure } = address;
  return named.map((one) => (one === address && call.confidence === undefined ? sure : one));
}

function isAt({ line: address }: Sighting, { line: call }: Sighting): boolean {
  return address !== undefined && call !== undefined && address >= call && address < call + linesOfCall;
}

/** Whether the address of a call stands on the next line and begins with a path: the system asks itself. */
function goesToOwnPath(file: InspectedFile, call: CodeLine): boolean {
  if (!call.code.endsWith("(")) return false;
  return file.hunks.some(({ lines }) => {
    const at = lines.indexOf(call);
    return at >= 0 && /^["'`]\//.test(lines[at + 1]?.code ?? "");
  });
}

/** Panels for people hold links that they follow. */
const dashboard = /(^|\/)[\w-]*dashboards?\/.*\.(?:ya?ml|tpl|tftpl|j2)$|dashboard[\w.-]*\.ya?ml$/i;

/** The kind of an error is named by an address that nobody calls. https://www.rfc-editor.org/rfc/rfc9457#section-3.1.1 */
const kindOfError = /(^|\/)[^/]*(?:Exception|Error|Problem)s?\.(?:java|kt|cs|php|scala)$/;

/** What a class needs that asks another system. */
const reachesOut =
  /https?\b|\bfetch\(\s*(?:["'`]|\w*[uU][rR][lL]\b|`)|axios|client|api\b|Api[A-Z(]|oauth|token|webhook|request|response|\bur[li]\b|Ur[li]\b|queue|kafka|mail|\bsms\b|bucket/i;

/** Many a class that provides something has it from its own store or memory: no other system is in sight. */
function isAtHome(type: string, declared: CodeLine, file: InspectedFile): boolean {
  if (!/(?:Provider|Gateway)$/.test(type)) return false;
  return !file.allAdded.some((line) => line !== declared && !line.isImport && reachesOut.test(line.code));
}

function inspectFile(file: InspectedFile, knownHosts: ReadonlySet<string>, told: Set<string>): Sighting[] {
  if (
    file.role !== "production" ||
    file.language === "terraform" ||
    file.language === "json" ||
    file.language === "xml" ||
    isResourceDefinition(file.path) ||
    kindOfError.test(file.path) ||
    dashboard.test(file.path)
  )
    return [];
  const found: Sighting[] = [];
  let above = "";
  for (const line of file.added) {
    if (line.isImport || line.newLine === undefined || isKeptForReaders(file.path, line.code)) continue;
    const named = above.endsWith("=") || above.endsWith(":") ? above + line.code : line.code;
    above = line.code;
    for (const host of /^LABEL\b/i.test(line.code) ? [] : hostsOn(line.code)) {
      if (knownHosts.has(host) || told.has(host) || isNoTarget(named)) continue;
      told.add(host);
      const isText =
        isCompared(line.code) ||
        /\b(?:log|print|puts|echo|message|description|title|help|doc|comment|see|examples?|more info|info)\b/i.test(
          line.code,
        ) ||
        /<a\s|href=|\blink_to\b|^[-*#]+\s+[\w'"(]+[\w'")]*:?\s+\w/.test(line.code) ||
        // A row of data holds an address as text, unless the database itself calls it.
        (file.language === "sql" &&
          !/\b(?:server|dblink|http_?\w*|net|location|credential|foreign)\b\s*[('.]|\boptions\b/i.test(
            line.code.replace(/https?:\/\//gi, ""),
          ));
      found.push({
        what: "host",
        path: file.path,
        line: line.newLine,
        name: host,
        evidence: line.text,
        ...(isText ? { confidence: "low" as const } : {}),
      });
    }
    for (const { pattern } of clients) {
      const client = pattern.exec(line.code)?.[1];
      if (client === undefined || told.has(`${file.path} ${client}`)) continue;
      if (file.removed.some((other) => pattern.exec(other.code)?.[1] === client)) continue;
      told.add(`${file.path} ${client}`);
      found.push({ what: "client", path: file.path, line: line.newLine, name: client, evidence: line.text });
      break;
    }
    const type = clientType.exec(line.code)?.[1];
    if (type !== undefined && !knownHosts.has(`type ${type}`)) {
      const sighting = { what: "client-type", path: file.path, line: line.newLine, name: type, evidence: line.text };
      found.push(isAtHome(type, line, file) ? { ...sighting, confidence: "low" } : sighting);
    }
  }
  return found;
}

/** An address that stood in the code and no longer does, where the call itself stays: now something else decides it. */
function replacedHosts(file: InspectedFile): Sighting[] {
  if (file.role !== "production" || file.file.status === "removed" || !programmingLanguages.has(file.language))
    return [];
  const found: Sighting[] = [];
  for (const hunk of file.hunks) {
    const gone = hunk.lines.find((line) => line.kind === "removed" && hostsOn(line.code).length > 0);
    const host = gone ? hostsOn(gone.code)[0] : undefined;
    if (host === undefined) continue;
    // Another fixed address, be it one that nobody is asked about, decides it as the former did.
    const still = file.allAdded.some((line) => /\bhttps?:\/\/\w/.test(line.code));
    const call = hunk.lines.find((line) => line.kind === "added" && /url|uri|host|endpoint/i.test(line.code));
    if (still || call?.newLine === undefined) continue;
    found.push({ what: "host-replaced", path: file.path, line: call.newLine, name: host, evidence: call.text });
  }
  return found;
}

export const detector: Detector = {
  name: "outbound",
  sees: ["host", "host-replaced", "client", "client-type", "call"],
  inspect(files) {
    const known = new Set<string>();
    for (const file of files) {
      for (const { lines } of file.hunks) {
        for (const line of lines) {
          if (line.kind === "added") continue;
          for (const host of hostsOn(line.code)) known.add(host);
          const type = clientType.exec(line.code)?.[1];
          if (type !== undefined) known.add(`type ${type}`);
        }
      }
    }
    const told = new Set<string>();
    return files.flatMap((file) => {
      const named = inspectFile(file, known, told);
      const call = firstCall(file);
      return [...(call ? withCall(named, call) : named), ...replacedHosts(file)];
    });
  },
};
