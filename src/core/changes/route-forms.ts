import type { Language } from "./language.ts";

/*
 * How the common frameworks write a route, a handler or a remote procedure on one line. One entry is one framework or a
 * family that writes alike; what a line alone cannot tell is left to the detector.
 */

/** How one framework writes a route on one line; the first group that holds is the address or name. */
export interface RouteForm {
  readonly languages: readonly Language[];
  /** Only in files whose path matches. */
  readonly files?: RegExp;
  readonly pattern: RegExp;
}

const quoted = `["'\`]([^"'\`]{0,200})["'\`]`;

export const routeForms: readonly RouteForm[] = [
  // Express, Koa, Fastify, Hono: https://expressjs.com/en/guide/routing.html
  {
    languages: ["javascript"],
    pattern: new RegExp(
      `^(?:await\\s+)?(?:this\\.)?(?:\\w*(?:[aA]pp|[rR]outer|[rR]outes?|[sS]erver|[fF]astify|[iI]nstance|api))\\.(?:get|post|put|patch|delete|all|route|register)(?:<[^>]{0,80}>)?\\(\\s*${quoted}`,
    ),
  },
  // Fastify and hapi with one object: https://fastify.dev/docs/latest/Reference/Routes/
  {
    languages: ["javascript"],
    pattern:
      /^(?:await\s+)?(?:this\.)?\w*(?:[aA]pp|[sS]erver|[fF]astify|[iI]nstance)\.route(?:<[^>]{0,80}>)?\(\s*\{(?:[^}]{0,120}\b(?:url|path):\s*["'`]([^"'`]{0,200}))?/,
  },
  // tRPC: https://trpc.io/docs/server/procedures
  { languages: ["javascript"], pattern: /^(\w{1,80}):\s*\w*[pP]rocedure\b/ },
  // Events of WebSockets that a server listens to: https://socket.io/docs/v4/listening-to-events/
  {
    languages: ["javascript"],
    pattern:
      /^(?:this\.)?(?:socket|io|ws|wss|\w*[nN]amespace)\.on\(\s*["'`](?!(?:error|close|open|end|data|drain|finish|timeout|connect|connect_error|disconnect|disconnecting|listening|ready|reconnect)["'`])([\w:./ -]{1,80})["'`]/,
  },
  // Tools of the Model Context Protocol: https://modelcontextprotocol.io/specification
  {
    languages: ["javascript"],
    pattern:
      /^(?:this\.)?\w*(?:[sS]erver|[mM]cp)\w*\.(?:registerTool|registerResource|registerPrompt|addTool|tool)\(\s*(?:["'`]([^"'`]{1,120})["'`])?/,
  },
  // Next.js server actions: https://react.dev/reference/rsc/use-server
  { languages: ["javascript"], pattern: /^["'](use server)["'];?$/ },
  // Operations of Apollo: https://www.apollographql.com/docs/apollo-server/data/resolvers
  {
    languages: ["javascript"],
    files: /resolver|mutation/i,
    pattern:
      /^(?:async\s+)?(\w{2,60})\s*(?::\s*(?:async\s*)?)?\(\s*(?:_\w{0,20}|parent|root|obj|source)(?::[^,]{1,40})?,/,
  },
  // Functions of AWS Lambda and Netlify
  {
    languages: ["javascript"],
    pattern:
      /^(?:export\s+(?:const|(?:async\s+)?function)\s+|(?:module\.)?exports\.)(handler)\b.{0,80}(?:\bevent\b|Handler\b)/,
  },
  // NestJS: https://docs.nestjs.com/controllers
  {
    languages: ["javascript"],
    files: /controller|gateway|resolver/i,
    pattern:
      /^@(?:Get|Post|Put|Patch|Delete|All|Sse|MessagePattern|EventPattern|SubscribeMessage|Query|Mutation|Subscription)\(([^)]{0,120})\)?/,
  },
  // Fields of GraphQL types that NestJS resolves: https://docs.nestjs.com/graphql/resolvers
  {
    languages: ["javascript"],
    files: /resolver/i,
    pattern: /^@ResolveField\(([^)]{0,120})\)?/,
  },
  // Flask, FastAPI, aiohttp, Django REST framework
  {
    languages: ["python"],
    pattern: /^@\w+(?:\.\w+)*\.(?:route|get|post|put|patch|delete|websocket|api_route)\(\s*(?:["']([^"']{0,200})["'])?/,
  },
  { languages: ["python"], pattern: /^@(?:api_view|action)\(([^)]{0,120})/ },
  // Django: https://docs.djangoproject.com/en/stable/topics/http/urls/
  { languages: ["python"], files: /urls?(\.py|\/)/, pattern: /^(?:path|re_path|url)\(\s*r?f?["']([^"']{0,200})["']/ },
  {
    languages: ["python"],
    pattern: /\.(?:register_blueprint|include_router|add_url_rule|add_api_route|add_route)\(\s*([\w."'/<>:-]{1,120})/,
  },
  {
    languages: ["python"],
    files: /urls?\.py|router|api/,
    pattern: /^\w*router\.register\(\s*r?["']([^"']{0,120})["']/,
  },
  // Starlette, Litestar, aiohttp, Flask-RESTful, Falcon
  {
    languages: ["python"],
    pattern: /^(?:routing\.)?(?:Route|WebSocketRoute|Mount|APIRoute)\(\s*["'](\/[^"']{0,200})["']/,
  },
  {
    languages: ["python"],
    pattern: /^@(?:get|post|put|patch|delete|websocket)\(\s*(?:path\s*=\s*)?["'](\/[^"']{0,200})/,
  },
  {
    languages: ["python"],
    pattern:
      /\brouter\.add_(?:get|post|put|patch|delete|route|view)\(\s*["']([^"']{0,200})|\bweb\.(?:get|post|put|patch|delete)\(\s*["'](\/[^"']{0,200})|\.add_resource\(\s*\w+,\s*["']([^"']{0,200})/,
  },
  { languages: ["python"], pattern: /^(?:async\s+)?def\s+(on_(?:get|post|put|patch|delete)\w*)\(\s*self,\s*req/ },
  // Classes that answer requests: Django REST framework, Django, Tornado, gRPC
  {
    languages: ["python"],
    pattern:
      /^class\s+(\w+)\([^)]{0,160}\b(?:viewsets\.\w+|\w*ViewSet|generics\.\w+|\w*APIView|MethodView|HTTPEndpoint|RequestHandler|\w+Servicer)\b/,
  },
  {
    languages: ["python"],
    files: /(^|\/)(views?|endpoints?|handlers?)(\.py|\/)/,
    pattern: /^class\s+(\w+)\((?:[\w., ]{0,120}[ ,])?(?:generic\.)?(?:View|\w+View)\s*[,)]/,
  },
  // GraphQL, Model Context Protocol, AWS Lambda
  {
    languages: ["python"],
    pattern: /^class\s+(\w+)\([^)]{0,120}\b(?:graphene\.Mutation|ClientIDMutation|BaseMutation)\b/,
  },
  {
    languages: ["python"],
    pattern: /^@(strawberry\.(?:mutation|subscription)|\w*(?:mcp|server)\w*\.(?:tool|resource|prompt|call_tool))\b/,
  },
  {
    languages: ["python"],
    pattern: /^(?:async\s+)?def\s+(lambda_handler|handler)\(\s*event\b[^,)]{0,60},\s*context\b/,
  },
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
    pattern:
      /^(?:const\s+|var\s+)?\w*(?:[pP]ath|[rR]oute|[rR]egex|[eE]ndpoint)\w*\s*:?=\s*(?:regexp\.MustCompile\()?["`]\^?(\/[^"`]{0,200})["`]/,
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
  // Rails and Sinatra: https://guides.rubyonrails.org/routing.html
  {
    languages: ["ruby"],
    files: /routes(\.rb|\/)/,
    pattern:
      /^(?:get|post|put|patch|delete|match|resources?|mount|devise_for|root)\b\s*\(?\s*([:"'\w][\w"'/:.=> -]{0,120})/,
  },
  // Grape: https://github.com/ruby-grape/grape
  {
    languages: ["ruby"],
    files: /(^|\/)api\//,
    pattern: /^(?:get|post|put|patch|delete)(?:\s*\(?\s*(["':][^,]{1,120}))?\s+do\b/,
  },
  // Fields that change something: https://graphql-ruby.org/mutations/mutation_root
  { languages: ["ruby"], pattern: /^field\s+:(\w{1,80}),\s*(?:mutation|resolver|subscription):/ },
  { languages: ["ruby"], pattern: /^(?:get|post|put|patch|delete)\s+(["']\/[^"']{0,200}["']|:\w{1,80})\s+do\b/ },
  {
    languages: ["ruby"],
    pattern:
      /^class\s+([\w:]+)\s*<\s*(?:\w+::)*(?:BaseMutation|RelayClassicMutation|Schema::Mutation|ApplicationCable::Channel|Grape::API)\b/,
  },
  // Laravel, Symfony, Slim
  {
    languages: ["php"],
    pattern:
      /Route::(?:get|post|put|patch|delete|any|match|resource|apiResource|singleton|apiSingleton|view|redirect)\(\s*['"]([^'"]{0,200})['"]/,
  },
  {
    languages: ["php"],
    pattern:
      /^Route::[^'"]{1,40}['"][^'"]{0,80}['"][^'"]{0,60}->(?:get|post|put|patch|delete|any|resource|apiResource)\(\s*['"]([^'"]{0,200})['"]/,
  },
  // WordPress: https://developer.wordpress.org/rest-api/extending-the-rest-api/adding-custom-endpoints/
  { languages: ["php"], pattern: /\bregister_rest_route\(\s*(?:[^,]{1,80},\s*['"]([^'"]{0,200})['"])?/ },
  { languages: ["php"], pattern: /\badd_action\(\s*['"](wp_ajax_\w{1,80}|admin_post_nopriv_\w{1,80})['"]/ },
  {
    languages: ["php"],
    files: /rout|web\.php|api/,
    pattern: /^(?:\$\w+)?->(?:get|post|put|patch|delete|any|map)\(\s*['"]([^'"]{0,200})['"]/,
  },
  // Slim, Lumen, Fat-Free: https://www.slimframework.com/docs/v4/objects/routing.html
  {
    languages: ["php"],
    pattern:
      /^\$(?:\w{0,20}[aA]pp|\w{0,20}[rR]outer|group|routes|r)->(?:get|post|put|patch|delete|any|map|route)\(\s*(?:\[[^\]]{1,60}\],\s*)?['"]([^'"]{0,200})['"]\s*,/,
  },
  // The same as annotations in comments, and with FOSRestBundle
  {
    languages: ["php"],
    pattern: /^@(?:\w{1,30}\\)?(?:Route|Get|Post|Put|Patch|Delete)\(\s*(?:path\s*=\s*)?["']([^"']{0,200})["']/,
  },
  { languages: ["php"], pattern: /^#\[(?:Route|Get|Post|Put|Patch|Delete)\(\s*(?:path:\s*)?['"]([^'"]{0,200})['"]/ },
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
      /\.(?:route|nest|service|api_route|api_route_with|nest_service|route_service|nest_api_service)\(\s*"([^"]{0,200})"|web::(?:resource|scope)\(\s*"([^"]{0,200})"/,
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
  // hyper: the path of a request is compared or matched
  { languages: ["rust"], pattern: /\b(?:req|request|parts|uri)\b[\w.()]{0,30}\.path\(\)\s*==\s*"(\/[^"]{0,200})"/ },
  { languages: ["rust"], pattern: /^\(\s*&?(?:(?:hyper|http)::)?Method::[A-Z]+,\s*"(\/[^"]{0,200})"\s*\)\s*=>/ },
  // warp: https://docs.rs/warp
  { languages: ["rust"], pattern: /\bwarp::path!?\(\s*"([^"]{0,200})"/ },
  // gRPC: https://protobuf.dev/programming-guides/proto3/#services
  { languages: ["protobuf"], pattern: /^rpc\s+(\w{1,120})\s*\(/ },
];
