import type { RouteForm } from "./route-form.ts";

/** Routes in Go, the languages of the JVM, C#, Rust, and of protobuf services. */
export const compiledRouteForms: readonly RouteForm[] = [
  // net/http, gin, echo, chi, fiber, gorilla
  {
    languages: ["go"],
    pattern:
      /(?<![rR]equest|[cC]lient|\bR\(\))\.(?:GET|POST|PUT|PATCH|DELETE|Any|Handle|HandleFunc|HandleMethod|Get|Post|Put|Patch|Delete|Method)\(\s*(?:http\.Method\w+,\s*)?"((?:[A-Z]{3,7} )?\/[^"]{0,200})"/,
  },
  // Routers of one's own: paths and expressions that are named and compared. Clients name the paths of others so, too.
  {
    languages: ["go"],
    files: /^(?!.*(?:client|provider|sdk|connector|forge|remote|const))/i,
    // What stands on a disk is no way in.
    pattern:
      /^(?:const\s+|var\s+)?(?!\w*(?:[fF]ile|[dD]ir|[fF]older|[dD]isk|[sS]ocket|[cC]ert)\w*\s*:?=)\w*(?:[pP]ath|[rR]oute|[rR]egex|[eE]ndpoint)\w*\s*:?=\s*(?:regexp\.MustCompile\()?["`]\^?(\/[^"`]{0,200})["`]/,
  },
  // Routers that are mounted below others, and gorilla's builders
  {
    languages: ["go"],
    pattern:
      /\w\.(?:Mount|Route|PathPrefix|Path|HandleFuncC|HandlerFunc|Match|WebSocket)\(\s*(?:\[\]string\{[^}]{0,80}\},\s*)?"(\/[^"]{0,200})"/,
  },
  // A register function of one's own that takes a router, a name and the method that answers
  {
    languages: ["go"],
    files: /(^|\/)\w*(?:api|rout|server|handler|endpoint)\w*(\/[^/]*)?\.go$/i,
    pattern: /^(?:\w{1,30}\.)?\w{1,30}\(\w{1,30},\s*"([\w/.{}:*-]{2,120})",\s*\w{1,30}\.[A-Z]\w{1,60}\)$/,
  },
  { languages: ["go"], pattern: /^(?:\w+\.)?Register(\w+(?:Server|Handler|HandlerServer|HandlerFromEndpoint))\(/ },
  // gRPC, Connect, gqlgen
  {
    languages: ["go"],
    pattern:
      /^func \(\w+ \*?\w*(?:[sS]erver|[sS]ervice|[hH]andler|API)\w*\) ([A-Z]\w*)\(\s*\w+ context\.Context,\s*\w+ \*(?:connect\.Request\[|(?:\w+\.)?\w+(?:Request|Req)\))/,
  },
  { languages: ["go"], pattern: /\.Handle\(\s*\w+connect\.New(\w+Handler)\(/ },
  { languages: ["go"], pattern: /^func \(\w+ \*(?:mutation|query|subscription)Resolver\) (\w+)\(/ },
  {
    languages: ["go"],
    pattern:
      /\b(?:r|req|request)\.Method == (?:http\.Method\w+|"[A-Z]+")\s*&&\s*(.{3,120}(?:[pP]ath|[uU][rR][lL]|[rR]egex).{0,80})/,
  },
  // Huma and routes that are values: https://huma.rocks
  { languages: ["go"], pattern: /\bhuma\.(?:Register|Get|Post|Put|Patch|Delete)\(.{0,300}?"(\/[^"]{0,200})"/ },
  {
    languages: ["go"],
    pattern: /\bMethod:\s*(?:http\.Method\w+|"[A-Z]{3,7}"),.{0,200}?\b(?:Path|Pattern):\s*"(\/[^"]{0,200})"/,
  },
  // A request's path that is compared: servlets, filters, the server of the JDK
  {
    languages: ["java", "kotlin", "scala"],
    pattern:
      /\b(?:getRequestURI|getServletPath|getPathInfo|getPath|requestURI|requestPath)(?:\(\))?\.(?:equals|startsWith)\(\s*"(\/[^"]{1,200})"|\bcreateContext\(\s*"(\/[^"]{0,200})"/,
  },
  {
    languages: ["csharp"],
    pattern:
      /\b[rR]equest\.(?:Url\.)?(?:Path|AbsolutePath|RawUrl)(?:\.Value)?\s*==\s*"(\/[^"]{1,200})"|\bPath\.StartsWithSegments\(\s*"(\/[^"]{1,200})"/,
  },
  // Spring, JAX-RS, Micronaut, Ktor
  { languages: ["java", "kotlin", "scala"], pattern: /^@(?:Get|Post|Put|Patch|Delete|Request)Mapping\b(.{0,200})/ },
  { languages: ["java", "kotlin", "scala"], pattern: /^@Path\(\s*"([^"]{0,200})"/ },
  // Micronaut, with or without a name for the address: https://docs.micronaut.io/latest/guide/#routing
  {
    languages: ["java", "kotlin", "scala"],
    files: /controller|resource|endpoint|api/i,
    pattern:
      /^@(?:Get|Post|Put|Patch|Delete|Head|Options)(?:\(\s*(?:(?:uri|value|uris|single)\s*=\s*)?[{[]?\s*"([^"]{0,200})"|(?:\(.{0,120}\))?$)/,
  },
  {
    languages: ["java", "kotlin"],
    pattern:
      /^@(?:ServerEndpoint|ServerWebSocket|WebSocket|MessageMapping|SubscribeMapping)\(\s*(?:\w+\s*=\s*)?"([^"]{0,200})"/,
  },
  // gRPC: https://grpc.io/docs/languages/java/basics/#creating-the-server
  {
    languages: ["java", "kotlin"],
    pattern: /^(?:public\s+|final\s+)*class\s+\w+[^{]{0,80}\b(?:extends\s+|:\s*)[\w.]*?(\w+ImplBase)\b/,
  },
  // http4k: https://www.http4k.org/ecosystem/http4k/reference/core/
  { languages: ["kotlin"], pattern: /^"(\/[^"]{0,200})"\s+bind\b/ },
  { languages: ["java", "kotlin", "scala"], pattern: /^@(GET|POST|PUT|PATCH|DELETE)$/ },
  // Functional routes of Spring: https://docs.spring.io/spring-framework/reference/web/webflux-functional.html
  {
    languages: ["java", "kotlin"],
    pattern: /^\.(?:GET|POST|PUT|PATCH|DELETE)\(\s*"([^"]{1,200})"\s*,\s*(?!\s*$)/,
  },
  // Servlets, Vert.x, Javalin, Spark, functional routes of Spring, GraphQL
  { languages: ["java", "kotlin"], pattern: /^@WebServlet\(\s*(?:\w+\s*=\s*)?\{?\s*"([^"]{0,200})"/ },
  {
    languages: ["java"],
    pattern: /^(?:protected|public)\s+void\s+(do(?:Get|Post|Put|Delete|Patch))\(\s*(?:final\s+)?HttpServletRequest\b/,
  },
  {
    languages: ["java", "kotlin"],
    pattern: /^(?:\w*[rR]outer|app|server|\w*[rR]outes)\.(?:get|post|put|patch|delete|ws|sse)\(\s*"(\/[^"]{0,200})"/,
  },
  {
    languages: ["java", "kotlin"],
    files: /rout/i,
    pattern: /\b(?:GET|POST|PUT|PATCH|DELETE)\(\s*"(\/[^"]{0,200})"/,
  },
  {
    languages: ["java", "kotlin"],
    pattern: /^@(?:Query|Mutation|Subscription)Mapping\b(.{0,120})|^@Dgs(?:Query|Mutation|Subscription)\b(.{0,120})/,
  },
  {
    languages: ["kotlin"],
    files: /rout|controller|module|plugin|api|application|server|handler/i,
    pattern:
      /^(?:get|post|put|patch|delete|head|route|webSocket|sse)(?:<[\w.]{1,60}>)?\(\s*"([^"]{0,200})"[^{]{0,80}\{/,
  },
  // ASP.NET Core: https://learn.microsoft.com/aspnet/core/fundamentals/routing
  {
    languages: ["csharp"],
    pattern: /^\[(?:HttpGet|HttpPost|HttpPut|HttpPatch|HttpDelete|HttpHead)\b(?:\(\s*"([^"]{0,200})")?/,
  },
  {
    languages: ["csharp"],
    pattern:
      /\.Map(?:Get|Post|Put|Patch|Delete|Methods|Group|Hub|GrpcService|HealthChecks|ReverseProxy)(?:<(\w{1,80})>)?\(\s*(?:\$?"([^"]{0,200})")?/,
  },
  // Routes that are named in tables: https://learn.microsoft.com/aspnet/core/mvc/controllers/routing
  {
    languages: ["csharp"],
    pattern:
      /\.(?:MapRoute|MapControllerRoute|MapAreaControllerRoute|MapHttpRoute|MapPageRoute|MapDynamicControllerRoute|MapFallback\w{0,20}|MapRazorPages|MapBlazorHub)\(\s*(?:\w+:\s*)?(?:@?\$?"([^"]{0,200})")?/,
  },
  // gRPC and WCF
  {
    languages: ["csharp"],
    pattern: /^public\s+override\s+(?:async\s+)?Task(?:<[\w.]{1,80}>)?\s+(\w+)\(.{0,200}\bServerCallContext\b/,
  },
  { languages: ["csharp"], pattern: /^\[(OperationContract)\b/ },
  // Razor Pages, SignalR, Azure Functions, FastEndpoints
  {
    languages: ["csharp"],
    files: /\.cshtml\.cs$/,
    pattern: /^public\s[\w<>, ]{1,80}\s(On(?:Get|Post|Put|Delete)\w{0,60})\(/,
  },
  { languages: ["csharp"], pattern: /^public\s(?:\w+\s){0,3}class\s+(\w+)[^:]{0,80}:\s*Hub\b/ },
  {
    languages: ["csharp"],
    files: /Hub\.cs$/,
    pattern: /^public\s(?:async\s)?(?:Task|ValueTask)(?:<[^>]{1,80}>)?\s(?!On(?:Dis)?[cC]onnected)(\w+)\(/,
  },
  { languages: ["csharp"], pattern: /\[(HttpTrigger)\(/ },
  { languages: ["csharp"], pattern: /^(?:Get|Post|Put|Patch|Delete)\(\s*"(\/[^"]{0,200})"\s*\);$/ },
  // Rocket and actix; axum
  { languages: ["rust"], pattern: /^#\[(?:get|post|put|patch|delete|head|options|route)\(\s*"([^"]{0,200})"/ },
  {
    languages: ["rust"],
    pattern:
      /\.(?:\w{0,20}route\w{0,20}|nest\w{0,20}|service|mount)\(\s*"([^"]{0,200})"|web::(?:resource|scope)\(\s*(?:"([^"]{0,200})"|&?(\w{2,40})\))/,
  },
  // Addresses kept in constants; method routers that grow by a method: https://docs.rs/axum/latest/axum/routing/
  {
    languages: ["rust"],
    pattern: /\.route\(\s*&?((?:\w+::)*[A-Z][A-Z0-9_]{2,80}),\s*(?:\w+::)*(?:get|post|put|patch|delete|head|any|on)\b/,
  },
  {
    languages: ["rust"],
    pattern:
      /^(?:axum::routing::)?(?:get|post|put|patch|delete)\(([\w:]{2,120})\)(?:\s*\.(?:get|post|put|patch|delete|layer|route_layer)\(.{0,200}\))*,?$/,
  },
  // aide: https://docs.rs/aide; a method that joins the others of a route
  { languages: ["rust"], pattern: /^\.?(?:get|post|put|patch|delete)_with\(([\w:]{2,120}),/ },
  { languages: ["rust"], pattern: /^\.(?:get|post|put|patch|delete)\(((?:\w+::)+\w{1,80})\),?$/ },
  // actix-web: https://docs.rs/actix-web
  {
    languages: ["rust"],
    pattern: /\bweb::(?:get|post|put|patch|delete|head|method)\([^)]{0,40}\)\s*\.to(?:_async)?\(([\w:]{2,120})\)/,
  },
  // utoipa, dropshot, poem: an attribute that may go on over several lines
  {
    languages: ["rust"],
    pattern: /^(?:#\[(?:utoipa::path|endpoint|channel|oai)\b.{0,200}?\b)?path\s*=\s*"(\/[^"]{0,200})"/,
  },
  // tonic: https://docs.rs/tonic
  {
    languages: ["rust"],
    pattern:
      /^async\s+fn\s+(\w+)\(\s*&self,\s*(?:mut\s+)?\w+:\s*(?:tonic::)?Request<.{1,120}>\s*,?\s*\)\s*->\s*(?:std::result::)?Result<(?:tonic::)?Response</,
  },
  { languages: ["rust"], pattern: /\.add_service\(\s*(?:\w+::)*(\w{1,80}Server)::/ },
  // hyper: the path of a request is compared or matched
  { languages: ["rust"], pattern: /\b(?:req|request|parts|uri)\b[\w.()]{0,30}\.path\(\)\s*==\s*"(\/[^"]{0,200})"/ },
  { languages: ["rust"], pattern: /^\(\s*&?(?:(?:hyper|http)::)?Method::[A-Z]+,\s*"(\/[^"]{0,200})"\s*\)\s*=>/ },
  // warp: https://docs.rs/warp
  { languages: ["rust"], pattern: /\bwarp::path!?\(\s*"([^"]{0,200})"/ },
  // gRPC: https://protobuf.dev/programming-guides/proto3/#services
  { languages: ["protobuf"], pattern: /^rpc\s+(\w{1,120})\s*\(/ },
];
