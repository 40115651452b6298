import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Span, type SpanOptions, type Tracer, trace } from "@opentelemetry/api";
import { traced, traceRequest } from "../../src/entry/tracing.ts";

interface Seen {
  readonly name: string;
  readonly attributes: SpanOptions["attributes"];
  status?: unknown;
  ended: boolean;
}

const seen: Seen[] = [];

/** A tracer that only notes what it is told, as an SDK would. The first one that is set stays. */
function watch(): void {
  const spanOf = (name: string, options: SpanOptions = {}): Span => {
    const noted: Seen = { name, attributes: options.attributes, ended: false };
    seen.push(noted);
    const told = {
      setStatus: (status: unknown) => {
        noted.status = status;
      },
      end: () => {
        noted.ended = true;
      },
    };
    return told as unknown as Span;
  };
  const tracer = {
    startSpan: spanOf,
    startActiveSpan: (name: string, options: SpanOptions, work: (span: Span) => unknown) => work(spanOf(name, options)),
  };
  trace.setGlobalTracerProvider({ getTracer: () => tracer as unknown as Tracer });
}

test("without an SDK it costs nothing and goes nowhere", async () => {
  expect(await traced("evaluation", {}, async () => "done")).toBe("done");
  expect(seen).toEqual([]);
});

describe("with an SDK", () => {
  beforeAll(watch);
  beforeEach(() => {
    seen.length = 0;
  });
  afterAll(() => trace.disable());

  test("work is told by its name and attributes, and a fault by its kind without its words", async () => {
    expect(await traced("evaluation", { delivery: "d-1" }, async () => 7)).toBe(7);
    const fault = new RangeError("acme/shop has a secret");
    await expect(traced("evaluation", { delivery: "d-2" }, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(seen).toEqual([
      { name: "evaluation", attributes: { delivery: "d-1" }, ended: true },
      { name: "evaluation", attributes: { delivery: "d-2" }, ended: true, status: { code: 2, message: "RangeError" } },
    ]);
  });

  test("requests are told by their route with its placeholders", () => {
    const request = { method: "GET", route: "/repos/{owner}/{repo}", kind: "read", createsContent: false } as const;
    traceRequest({ ...request, status: 503, milliseconds: 12 });
    expect(seen).toMatchObject([
      {
        name: "GitHub GET /repos/{owner}/{repo}",
        attributes: {
          "http.request.method": "GET",
          "url.template": "/repos/{owner}/{repo}",
          "http.response.status_code": 503,
        },
        ended: true,
        status: { code: 2 },
      },
    ]);
  });
});
