import { describe, expect, test } from "@jest/globals";
import { detectChanges } from "../../../src/core/changes/detect.ts";
import type { ChangedFile } from "../../../src/core/domain/snapshot.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";

/* What the detectors see in Go, Rust and C# by the forms of their frameworks: one changed passage a case. */

const rules = await readRules();

function changed(filename: string, ...lines: string[]): ChangedFile {
  const before = lines.filter((line) => !line.startsWith("+")).length;
  const after = lines.filter((line) => !line.startsWith("-")).length;
  const patch = [`@@ -20,${before} +20,${after} @@`, ...lines].join("\n");
  return { filename, status: "modified", additions: after, deletions: before, changes: after + before, patch };
}

function askedBy(...files: ChangedFile[]): readonly string[] {
  const { changes } = detectChanges({ files, headTexts: [], baseTexts: [], ignore: [], modes: {} }, rules);
  return changes.filter(({ significant }) => significant).map(({ rule }) => rule);
}

describe("a change in Go, Rust or C# is seen by its form", () => {
  test.each<[what: string, path: string, line: string, rule: string]>([
    [
      "a client of a cloud",
      "internal/keys/keys.go",
      "+\tclient := secretsmanager.NewFromConfig(config)",
      "outbound-client-added",
    ],
    [
      "a client of a cluster",
      "internal/jobs/jobs.go",
      "+\tclient, err := kubernetes.NewForConfig(config)",
      "outbound-client-added",
    ],
    ["a client of a service", "internal/talk/talk.go", "+\tapi := slack.New(key)", "outbound-client-added"],
    ["reports of errors", "cmd/shop/main.go", "+\terr := sentry.Init(options)", "outbound-client-added"],
    [
      "a channel to another service",
      "src/Shop/Ledger.cs",
      '+        var channel = GrpcChannel.ForAddress("https://ledger");',
      "outbound-client-added",
    ],
    [
      "a vault of secrets",
      "src/Shop/Program.cs",
      "+    builder.Configuration.AddAzureKeyVault(address, identity);",
      "outbound-client-added",
    ],
    [
      "another address of what answers already",
      "src/Shop/Controllers/OrderController.cs",
      '+    [Route("v1/orders/find/{id}")]',
      "endpoint-added",
    ],
    ["a bucket", "src/files.rs", "+    let client = aws_sdk_s3::Client::new(&config);", "outbound-client-added"],
    [
      "a route with a call of its own",
      "src/web/routes.rs",
      '+        .route_with_slash("/feed/{day}", show)',
      "endpoint-added",
    ],
    ["routes below an address", "src/main.rs", '+        .mount("/orders", routes![list])', "endpoint-added"],
    ["a service of gRPC", "src/main.rs", "+        .add_service(LedgerServer::new(ledger))", "endpoint-added"],
    ["a secret among settings", "config/default.toml", '+session_secret = "change-me"', "secret-setting-added"],
    ["a secret in a file of settings", "config.example.yaml", "+signing_secret: change-me", "secret-setting-added"],
    [
      "whose key it is",
      "db/migrations/7.sql",
      "+alter table access_key add user_id int null references people(id);",
      "access-column-added",
    ],
  ])("%s", (_what, path, line, rule) => {
    expect(askedBy(changed(path, " \tbefore := 1", line, " \tafter := 2"))).toContain(rule);
  });

  test("a route whose address stands on the next line", () => {
    const lines = [
      "+        .route_with_slash(",
      '+            "/feed/{day}",',
      "+            get(feed),",
      "+        )",
    ];
    expect(askedBy(changed("src/web/routes.rs", ...lines))).toEqual(["endpoint-added"]);
  });
});

describe("harmless in Go, Rust or C#", () => {
  test.each<[what: string, path: string, lines: readonly string[]]>([
    ["another column of a table of keys", "db/migrations/8.sql", ["+alter table access_key add colour int null;"]],
    [
      "a set of keys of a map",
      "src/settings.rs",
      ["+    let keys: HashSet<String> = names.iter().cloned().collect();"],
    ],
    [
      "an address in another folder",
      "src/Shop/Controllers/OrderController.cs",
      ['-    [Route("v1/orders/find/{id}")]', '+    [Route("v2/orders/find/{id}")]'],
    ],
    ["a list of a package", "internal/shop/list.go", ["+\tlist := orders.NewList(size)"]],
  ])("%s", (_what, path, lines) => {
    expect(askedBy(changed(path, " \tbefore := 1", ...lines, " \tafter := 2"))).toEqual([]);
  });
});

describe("a guard that goes with what it guarded", () => {
  const controller = [
    '-[Authorize(Roles = "Clerk")]',
    '-[Route("tools")]',
    "-public class ToolsController : Controller",
    "-{",
    "-    private int count;",
    "-}",
  ];

  test("is no lost check", () => {
    expect(askedBy(changed("src/Shop/Controllers/ToolsController.cs", ...controller))).not.toContain(
      "access-check-removed",
    );
  });

  test("is one where the type stands elsewhere without it", () => {
    const moved = changed(
      "src/Shop/Other/ToolsController.cs",
      "+public class ToolsController : Controller",
      "+{",
      "+}",
    );
    expect(askedBy(changed("src/Shop/Controllers/ToolsController.cs", ...controller), moved)).toContain(
      "access-check-removed",
    );
  });
});
