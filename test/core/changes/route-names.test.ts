import { describe, expect, test } from "@jest/globals";
import { detector } from "../../../src/core/changes/detectors/routes.ts";
import { inspectFiles } from "../../../src/core/changes/inspected-file.ts";

function namesIn(filename: string, lines: readonly string[], from = 20): readonly string[] {
  const after = lines.filter((line) => !line.startsWith("-")).length;
  const patch = [`@@ -${from},0 +${from},${after} @@`, ...lines].join("\n");
  const file = { filename, status: "modified" as const, additions: after, deletions: 0, changes: after, patch };
  return detector.inspect(inspectFiles([file]).files).map(({ name }) => name);
}

describe("what a way in is called", () => {
  test.each<[what: string, path: string, lines: readonly string[], name: string]>([
    [
      "by its address alone",
      "src/main/java/shop/Orders.java",
      ['+@PostMapping(value = "/orders", consumes = "application/json")'],
      "/orders",
    ],
    [
      "by its address in a list",
      "src/main/kotlin/shop/Orders.kt",
      ['+@DeleteMapping(value = ["/orders/{id}"])'],
      "/orders/{id}",
    ],
    [
      "by the address on the line below",
      "shop/views/orders.py",
      ["+@orders.route(", '+    "/orders/refund",', '+    methods=["POST"],', "+)", "+def refund():"],
      "/orders/refund",
    ],
    [
      "by what answers, where the mark names no address",
      "src/Shop/OrdersController.cs",
      ["+[HttpGet]", "+public IActionResult Open(int page)"],
      "Open of OrdersController",
    ],
    ["by the action that answers", "config/routes.rb", ['+  get "/", to: "orders#index"'], "orders#index"],
    [
      "by its method and file",
      "src/routes/orders.js",
      ["+router.put('/', (req, res) => save(req));"],
      "PUT / of orders",
    ],
    [
      "by the view that has it",
      "shop/views/orders.py",
      ["+class OrderView(Base):", "+    def get(self, request, number):"],
      "get of OrderView",
    ],
  ])("%s", (_, path, lines, name) => {
    expect(namesIn(path, lines)).toEqual([name]);
  });

  test("is the same wherever it stands in its file: a later push moves lines", () => {
    const lines = ["+router.put('/', (req, res) => save(req));"];
    expect(namesIn("src/routes/orders.js", lines, 90)).toEqual(namesIn("src/routes/orders.js", lines, 4));
  });
});

describe("a class that shows something", () => {
  const seenIn = (...files: [filename: string, lines: readonly string[]][]): readonly string[] =>
    detector
      .inspect(
        inspectFiles(
          files.map(([filename, lines]) => {
            const [before, after] = [
              lines.filter((one) => !one.startsWith("+")),
              lines.filter((one) => !one.startsWith("-")),
            ];
            const patch = [`@@ -4,${before.length} +4,${after.length} @@`, ...lines].join("\n");
            return { filename, status: "modified" as const, additions: 1, deletions: 1, changes: 2, patch };
          }),
        ).files,
      )
      .map(({ name, confidence }) => `${name} ${confidence ?? "sure"}`);

  test("is a way in where a new address leads to it, and a weak sign where none does", () => {
    const view: [string, string[]] = [
      "shop/views/orders.py",
      ["+class OrdersView(PagedView):", "+    template = 'orders.html'"],
    ];
    const was = "-    path('orders', orders.list, name='orders'),";
    const same: [string, string[]] = [
      "shop/urls.py",
      [was, "+    path('orders', OrdersView.as_view(), name='orders'),"],
    ];
    const other: [string, string[]] = ["shop/urls.py", ["+    path('paid', OrdersView.as_view(), name='paid'),"]];
    expect(seenIn(view, same)).toEqual(["OrdersView low"]);
    expect(seenIn(view, other)).toEqual(["OrdersView sure", "paid sure"]);
  });

  test("a route that is a value is called by its method and path, one that is called elsewhere is none", () => {
    const lines = [
      "+  {",
      "+    method: 'PATCH',",
      "+    path: '/orders/{number}',",
      "+    handler: Orders.change",
      "+  }",
    ];
    expect(seenIn(["app/routes/orders.routes.js", lines])).toEqual(["/orders/{number} sure"]);
    expect(seenIn(["app/orders-client/calls.js", lines])).toEqual([]);
    expect(seenIn(["app/routes/orders.routes.js", ["+  path: '/orders',", "+  component: Orders,"]])).toEqual([]);
  });
});

describe("a route that only has another address", () => {
  const confidenceOf = (filename: string, lines: readonly string[]): readonly (string | undefined)[] => {
    const [before, after] = [
      lines.filter((line) => !line.startsWith("+")),
      lines.filter((line) => !line.startsWith("-")),
    ];
    const patch = [`@@ -4,${before.length} +4,${after.length} @@`, ...lines].join("\n");
    const file = { filename, status: "modified" as const, additions: 1, deletions: 1, changes: 2, patch };
    return detector.inspect(inspectFiles([file]).files).map(({ confidence }) => confidence ?? "sure");
  };

  test.each<[what: string, path: string, lines: readonly string[]]>([
    [
      "its mark stands on the same function",
      "src/Controllers/OrdersController.cs",
      [
        '-    [HttpPost("preview", Name = RouteNames.Preview)]',
        '+    [HttpPost("order-preview", Name = RouteNames.Preview)]',
        "     [Authorize]",
        "     public IActionResult Preview(Order order)",
      ],
    ],
    [
      "the lines below the call stand",
      "src/orders/api.ts",
      ["-app.get('/orders/all',", "+app.get('/orders/every',", "   mayRead, listOrders);"],
    ],
    [
      "the same action answers",
      "config/routes.rb",
      ['-  get "overview", to: "orders#index"', '+  get "orders", to: "orders#index"'],
    ],
  ])("is a weak sign: %s", (_, path, lines) => {
    expect(confidenceOf(path, lines)).toEqual(["low"]);
  });

  test.each<[what: string, path: string, lines: readonly string[]]>([
    [
      "another method",
      "src/Controllers/OrdersController.cs",
      [
        '-    [HttpGet("preview")]',
        '+    [HttpPost("order-preview")]',
        "     public IActionResult Preview(Order order)",
      ],
    ],
    [
      "another handler below",
      "src/orders/api.ts",
      ["-app.get('/orders/all',", "-  mayRead, listOrders);", "+app.get('/orders/every',", "+  exportOrders);"],
    ],
    [
      "one more route",
      "src/Controllers/OrdersController.cs",
      [
        '-    [HttpGet("one")]',
        '+    [HttpGet("first")]',
        '+    [HttpGet("second")]',
        "     public IActionResult One(Order order)",
      ],
    ],
    [
      "another action",
      "config/routes.rb",
      ['-  get "overview", to: "orders#index"', '+  get "orders", to: "orders#export"'],
    ],
  ])("is new: %s", (_, path, lines) => {
    expect(confidenceOf(path, lines)).toContain("sure");
  });
});
