import type { RouteForm } from "./route-form.ts";

const quoted = `["'\`]([^"'\`]{0,200})["'\`]`;

/** Routes in JavaScript, Python, Ruby and PHP. */
export const scriptingRouteForms: readonly RouteForm[] = [
  // Express, Koa, Fastify, Hono: https://expressjs.com/en/guide/routing.html
  {
    languages: ["javascript"],
    pattern: new RegExp(
      `^(?:await\\s+)?(?:this\\.)?(?:\\w*(?:[aA]pp|[rR]outer|[rR]outes?|[sS]erver|[fF]astify|[iI]nstance|api))\\.(?:get|post|put|patch|delete|all|route|register)(?:<[^>]{0,80}>)?\\(\\s*${quoted}`,
    ),
  },
  // The same with an address that is a constant: `router.get(paths.orders.index, list)`
  {
    languages: ["javascript"],
    files: /rout(?:e|er|es|ing)\w*(?:\.[cm]?[jt]s$|\/)|(?:^|\/)(?:server|app|index)\.[cm]?[jt]s$/i,
    pattern:
      /^(?:await\s+)?(?:this\.)?(?!(?:axios|http|https|client|request|agent|cache|redis|lodash|cy|i18n|config|\w*[cC]lient)\b)\w{1,40}\.(?:get|post|put|patch|delete|all)\(\s*((?:[A-Za-z_]\w{1,40}\.){1,5}[A-Za-z_]\w{1,40})\s*,\s*\S/,
  },
  // Helpers of one's own that take a router's methods apart: `get(paths.orders.show.pattern, orders.show())`
  {
    languages: ["javascript"],
    files: /(^|\/)routes?\//i,
    pattern: /^(?:get|post|put|patch|del|delete)\(\s*((?:[A-Za-z_]\w{1,40}\.){1,6}[A-Za-z_]\w{1,40})\s*,\s*\S/,
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
  // Actions that are built from a client of one's own: https://next-safe-action.dev
  { languages: ["javascript"], pattern: /^export\s+const\s+(\w{2,60})\s*=\s*\w{0,30}[aA]ctionClient\b/ },
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
  { languages: ["python"], pattern: /^@(?:\w{1,30}\.)?(?:api_view|action|detail_route|list_route)\(([^)]{0,120})/ },
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
  // Tornado, Flask-RESTful, aiohttp: https://www.tornadoweb.org/en/stable/web.html
  {
    languages: ["python"],
    files: /(^|\/)(\w{0,20}handlers?|resources?)(\.py|\/)/,
    pattern: /^(?:async\s+)?def\s+(get|post|put|patch|delete|head)\(\s*self\b/,
  },
  // web.py and CherryPy: https://webpy.org/docs/0.3/tutorial
  { languages: ["python"], pattern: /^def\s+(GET|POST|PUT|PATCH|DELETE)\(\s*self\b/ },
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
];
