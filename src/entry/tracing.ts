import { type Attributes, SpanStatusCode, trace } from "@opentelemetry/api";
import type { SentRequest } from "../shell/github/client.ts";

/*
 * Hooks for OpenTelemetry. Without an SDK, which operators load with `--import`, they cost nothing and go nowhere. Attributes
 * name deliveries and routes, never an organisation, a repository or a person.
 */

const tracer = trace.getTracer("threatgate");

/** Runs work inside a span; where it throws, the span says so by the kind of fault, and not by its words. */
export async function traced<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : "unknown" });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span for one request to GitHub that has ended, below whatever made it. */
export function traceRequest({ method, route, status, milliseconds }: SentRequest): void {
  const end = Date.now();
  const attributes = { "http.request.method": method, "url.template": route, "http.response.status_code": status };
  const span = tracer.startSpan(`GitHub ${method} ${route}`, { startTime: end - milliseconds, attributes });
  if (status === 0 || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(end);
}
