import type { CodeLine } from "../code-line.ts";
import { declaredIn } from "../declaration.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import {
  answerOn,
  type GoneRoutes,
  openedRoute,
  renamedRoutes,
  routeKey,
  routeOn,
  routesGone,
  routeValue,
  verbOn,
} from "../route-lines.ts";
import { addressOf, enclosingOf, nameOf, placeOfLine, shownRoute } from "../route-names.ts";

/*
 * Ways in: routes, handlers and remote procedures of the common frameworks. A route that an earlier line of the same
 * change already had is not new, whatever else of the line changed.
 */

/** Files whose mere place makes them a route: Next.js, SvelteKit, Nuxt, serverless functions. */
const routeFile =
  /(^|\/)(pages\/api\/.+|app\/(.+\/)?route|routes\/.+\+server|server\/api\/.+|api\/.+\/route)\.(js|ts|mjs|tsx)$/;
/** Files that answer beside showing something: Remix and React Router, pages of SvelteKit with a server part. */
const pageRouteFile = /(^|\/)(app\/routes\/.+\.(tsx?|jsx?)|routes\/.+\+(page|layout)\.server\.(ts|js))$/;
const pageAnswer = /^export\s+(?:const|(?:async\s+)?function)\s+(action|actions|loader)\b/;
/** Files whose functions are handlers by the framework's convention. */
const controllerFile =
  /(^|\/)(\w*[cC]ontroller|\w*_controller|\w*Endpoint)\.(php|rb|kt|java|cs|scala)$|(^|\/)[cC]ontrollers?\/(?!(?:.*\/)?(?:[vV]iew_?)?([hH]elpers?|[uU]tils?|[cC]oncerns?|\w{0,30}[tT]raits?|[eE]vents?|[lL]isteners?|[cC]omponents?|[rR]equests?|[rR]esponses?|[mM]odels?|[dD]tos?)\/)/;
/** Files whose public functions are procedures that others call by name. */
const procedureFile = /(^|\/)[aA][pP][iI]\/(?:\w{1,40}\/){0,4}\w{0,60}(?:Procedure|Procedures|Rpc|RPC)\.php$/;
/** New files of handlers: axum, actix-web and others answer with any public async function. */
const rustHandlerFile =
  /(^|\/)(handlers?|routes?|endpoints?|api|admin)\/(?!(?:.*\/)?(?:mod|lib|main|error|errors|model|models|types|params|response|util|utils)\.rs$)/;
const viewFile = /(^|\/)(views|viewsets|endpoints)(\.py|\/)/;
/**
 * A function that answers requests by its signature; one that wraps another is a middleware and no handler, and one of
 * gin that returns something, or of echo and fiber that returns anything but an error, is asked by a handler.
 */
const goHandler =
  /^func\s.*\b(?:w http\.ResponseWriter,\s*\w+ \*http\.Request\b|\w+ \*gin\.Context(?=\)\s*\{?\s*$)|\w+ (?:\*?echo\.Context|\*fiber\.Ctx)\)\s*\(?(?:\w+ )?error\b)(?!.*http\.Handler)/;
/** A method of a controller that gives back what answers: `show(): RequestHandler {` */
const givenHandler = /\):\s*(?:express\.|Promise<)?(?:RequestHandler|Handler|Middleware|RouteHandler\w*)\b/;
/** Packages that write answers for the handlers of others. */
const answering = /(^|\/)(?:response|responses|render|renderer|respond|httputil|httperr\w*|errors?)\//;
const housekeeping =
  /^(__construct|constructor|initialize|index_name|set_\w+|get_\w+_params|\w+_params|toString|equals|hashCode|dispose|setup|teardown|before\w*|after\w*)$/i;

/** Another address of what answers already: `[Route("old/path")]` above an action, where no such mark gave way. */
function otherAddress({ code }: CodeLine, { removed }: InspectedFile): string | undefined {
  const isMoved = removed.some((line) => line.code.startsWith("[Route("));
  return isMoved ? undefined : /^\[Route\(\s*@?"([^"]{1,200})"/.exec(code)?.[1];
}

function inspectFile(
  file: InspectedFile,
  goneRoutes: GoneRoutes,
  bringsRoutes: boolean,
  bringsAddresses: boolean,
): Sighting[] {
  const found: Sighting[] = [];
  const see = (what: string, line: CodeLine, name: string, confidence?: "medium" | "low"): void => {
    if (line.newLine === undefined) return;
    found.push({
      what,
      path: file.path,
      line: line.newLine,
      name,
      evidence: line.text,
      ...(confidence ? { confidence } : {}),
    });
  };
  const goneHandlers = new Set(file.removed.map((line) => declaredIn(line.code, file.language)?.name));
  const renamed = renamedRoutes(file);
  const goneAnswers = new Set(file.removed.flatMap(({ code }) => (routeOn(code, file) ? [answerOn(code)] : [])));
  goneAnswers.delete("");
  const goneMethods = new Set(file.removed.map(({ code }) => /request\.method\s*==\s*["'](\w+)["']/.exec(code)?.[1]));
  const isRouteFile = routeFile.test(file.path);
  const isNew = file.file.status === "added";
  let lastRoute = -100;
  let above = "";
  for (const [index, line] of file.added.entries()) {
    if (line.isImport) continue;
    const mark = above;
    above = line.code;
    // The address may stand on the line below the call that takes it: it is seen there.
    if (openedRoute(line.code, file.added[index + 1]?.code ?? "", file) !== undefined) continue;
    const value = routeValue(line, file);
    const route =
      routeOn(line.code, file) ??
      openedRoute(mark, line.code, file) ??
      value?.address ??
      (isNew || file.language !== "csharp" ? undefined : otherAddress(line, file));
    if (route !== undefined) {
      // What is declared under a name of its own is asked by it: it may take or give another type now.
      if (goneHandlers.has(declaredIn(line.code, file.language)?.name ?? "")) continue;
      const before = goneRoutes.get(routeKey(route, file));
      const method = value?.method ?? verbOn(line.code);
      if (before && before.size > 0 && method !== undefined && !before.has(method)) {
        see("method-added", line, `${method.toUpperCase()} ${shownRoute(route, line, file, method)}`);
        lastRoute = line.newLine ?? 0;
      }
      if (!before) {
        // The same handler under another address: told, but nothing new can be called.
        const isMoved = goneAnswers.has(answerOn(line.code)) || renamed.has(line);
        const isWeak = isMoved || (classOfView.test(line.code) && !bringsAddresses);
        see("endpoint-added", line, shownRoute(route, line, file, method), isWeak ? "low" : undefined);
        lastRoute = line.newLine ?? 0;
      }
      continue;
    }
    if (isRouteFile) {
      const handler =
        /^export\s+(?:default\b|(?:async\s+)?function\s+(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\b|const\s+(?:GET|POST|PUT|PATCH|DELETE)\b)/.test(
          line.code,
        );
      if (handler) see("endpoint-added", line, addressOf(file.path), isNew ? undefined : "medium");
      else if (
        !isNew &&
        /req(uest)?\.method\s*===?\s*["'](\w+)["']|^case\s+["'](GET|POST|PUT|PATCH|DELETE)["']/.test(line.code)
      ) {
        see("method-added", line, addressOf(file.path));
      }
      continue;
    }
    const answer = pageRouteFile.test(file.path) ? pageAnswer.exec(line.code)?.[1] : undefined;
    if (answer !== undefined) {
      see("endpoint-added", line, `${answer} of ${addressOf(file.path)}`, "medium");
      continue;
    }
    const asked = /request\.method\s*==\s*["'](\w+)["']/.exec(line.code)?.[1];
    if (asked !== undefined && file.language === "python" && !isNew) {
      if (!goneMethods.has(asked)) see("method-added", line, enclosingOf(line, file) ?? nameOf(file.path));
      continue;
    }
    const declared = declaredIn(line.code, file.language) ?? unnamedDefault(line, file);
    if (declared?.kind !== "function" || housekeeping.test(declared.name)) continue;
    if (
      /^(private|protected|internal|suspend private)\b|^(public )?static\b/.test(line.code) ||
      (declared.name.startsWith("_") && declared.name !== "__invoke")
    )
      continue;
    const near = (line.newLine ?? 0) - lastRoute <= 12;
    // A handler that only takes another argument is no new one.
    if (near || goneHandlers.has(declared.name)) continue;
    if (procedureFile.test(file.path) && /^public function\b/.test(line.code)) {
      see("endpoint-added", line, `${declared.name} of ${nameOf(file.path)}`, "medium");
    } else if (controllerFile.test(file.path) && ((isNew && mayAnswer(line, file)) || isHandlerShape(line, file))) {
      see("endpoint-added", line, `${declared.name} of ${nameOf(file.path)}`, "medium");
      lastRoute = line.newLine ?? 0;
    } else if (controllerFile.test(file.path) && file.language === "javascript" && givenHandler.test(line.code)) {
      see("endpoint-added", line, `${declared.name} of ${nameOf(file.path)}`, "medium");
      lastRoute = line.newLine ?? 0;
    } else if (file.language === "go" && goHandler.test(line.code) && !answering.test(file.path)) {
      see("endpoint-added", line, declared.name, "medium");
      lastRoute = line.newLine ?? 0;
    } else if (
      file.language === "rust" &&
      isNew &&
      rustHandlerFile.test(file.path) &&
      /^pub\s+async\s+fn\s/.test(line.code)
    ) {
      see("endpoint-added", line, `${declared.name} of ${nameOf(file.path)}`, "medium");
      lastRoute = line.newLine ?? 0;
    } else if (viewFile.test(file.path) && file.language === "python" && /\(\s*(self,\s*)?request\b/.test(line.code)) {
      const view = enclosingOf(line, file, "type");
      // An action that the set of views has from its base is only written out: https://www.django-rest-framework.org/api-guide/viewsets/
      if (standardActions.test(declared.name) && line.code.includes("self") && isViewSet(view, line, file)) continue;
      // A function is no view by itself: a mark on it, or a line of an address, makes it one.
      const isHelper = !/\(\s*self\b/.test(line.code) && !mark.startsWith("@") && !bringsRoutes;
      const name = view === undefined ? declared.name : `${declared.name} of ${view}`;
      see("endpoint-added", line, name, isHelper ? "low" : "medium");
      lastRoute = line.newLine ?? 0;
    }
  }
  return found;
}

/** A class of Django that shows something; those of other frameworks name their address themselves. */
const classOfView = /^class\s+\w+\([^)]{0,160}\b\w*(?:View|ViewSet)\b/;

/** What every set of views answers that holds records. */
const standardActions = /^(?:list|retrieve|create|update|partial_update|destroy)$/;
const viewSet = /\b\w*(?:ModelViewSet|ModelViewset|viewsets\.\w+Mixin)\b/;

/** So many lines above its class may stand. */
const mostAbove = 400;

/** Whether the type around a line stood before and is a set of views that answers by itself. */
function isViewSet(view: string | undefined, line: CodeLine, file: InspectedFile): boolean {
  if (view === undefined) return false;
  const { heading, lines, at } = placeOfLine(line, file);
  const stood = lines.slice(Math.max(0, at - mostAbove), at).filter(({ kind }) => kind === "context");
  return [heading.trim(), ...stood.map(({ code }) => code)].some(
    (code) => code.includes(`class ${view}(`) && viewSet.test(code),
  );
}

/** `export default async function (…)` takes the name of its file. */
function unnamedDefault(line: CodeLine, file: InspectedFile): { kind: "function"; name: string } | undefined {
  const isUnnamed = file.language === "javascript" && /^export\s+default\s+(async\s+)?(function\s*)?\(/.test(line.code);
  return isUnnamed ? { kind: "function", name: nameOf(file.path) } : undefined;
}

/** A controller of Go or Rust may be no part of the web: what answers there takes a request. */
function mayAnswer({ code }: CodeLine, { language }: InspectedFile): boolean {
  if (language !== "go" && language !== "rust") return true;
  return (
    /http\.ResponseWriter|\bContext\)|\bCtx\)|[rR]equest\b|\bJson<|\bweb::|\bState<|\bPath<|\bQuery<|\bForm<|\bMultipart\b|connect\./.test(
      code,
    ) && !/\bcontext\.Context\)/.test(code)
  );
}

/** A public method of an existing controller that answers requests by its signature. */
function isHandlerShape(line: CodeLine, file: InspectedFile): boolean {
  switch (file.language) {
    case "kotlin":
      return /^override\s+(suspend\s+)?fun\b/.test(line.code);
    case "java":
      return /^public\b.*\b(ResponseEntity|Response|Mono|DeferredResult|ModelAndView|CompletionStage)\b/.test(
        line.code,
      );
    case "csharp":
      return (
        /^public\b.*\b(I?ActionResult|IResult|JsonResult|FileResult|FileStreamResult|IHttpActionResult|HttpResponseMessage)\b/.test(
          line.code,
        ) && !/\bOn(Get|Post)/.test(line.code)
      );
    case "php":
      return /^public function\b/.test(line.code) && /Request|Response|\(\s*\)/.test(line.code);
    default:
      return false;
  }
}

export const detector: Detector = {
  name: "routes",
  sees: ["endpoint-added", "method-added"],
  inspect(files) {
    const readable = files.filter(
      ({ role, path }) =>
        role === "production" || (role === "view" && (routeFile.test(path) || pageRouteFile.test(path))),
    );
    const gone = routesGone(readable);
    const bringsRoutes = readable.some((file) => file.added.some(({ code }) => routeOn(code, file) !== undefined));
    // A class alone is asked by nobody: a new address makes it a way in.
    const bringsAddresses = readable.some((file) =>
      file.added.some(({ code }) => {
        const route = /^class\s/.test(code) ? undefined : routeOn(code, file);
        return route !== undefined && !gone.has(routeKey(route, file));
      }),
    );
    return readable.flatMap((file) => inspectFile(file, gone, bringsRoutes, bringsAddresses));
  },
};
