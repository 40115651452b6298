import type { RouteForm } from "./route-form.ts";
import { compiledRouteForms } from "./route-forms-compiled.ts";
import { scriptingRouteForms } from "./route-forms-scripting.ts";

/*
 * How the common frameworks write a route, a handler or a remote procedure on one line. One entry is one framework or a
 * family that writes alike; what a line alone cannot tell is left to the detector.
 */

/** All of them: of each language the first that a line matches says what it is. */
export const routeForms: readonly RouteForm[] = [...scriptingRouteForms, ...compiledRouteForms];
