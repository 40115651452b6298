import { describe, expect, test } from "@jest/globals";
import { detectChanges } from "../../../src/core/changes/detect.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";

/*
 * What people do all day long beside what matters: each everyday line stands next to one that is asked about.
 */

const rules = await readRules();

/** The rules that ask about a new file of these lines. */
function asked(filename: string, ...lines: readonly string[]): readonly string[] {
  const patch = [`@@ -0,0 +1,${lines.length} @@`, ...lines.map((line) => `+${line}`)].join("\n");
  const file = {
    filename,
    status: "added",
    additions: lines.length,
    deletions: 0,
    changes: lines.length,
    patch,
  } as const;
  const { changes } = detectChanges({ files: [file], headTexts: [], baseTexts: [], ignore: [], modes: {} }, rules);
  return changes.filter(({ significant }) => significant).map(({ rule }) => rule);
}

describe("everyday work", () => {
  test("a class that provides something from its own store is no other system, one that asks over HTTP is", () => {
    const head = "public class SkillsProvider : ISkillsProvider";
    expect(asked("src/Shop/SkillsProvider.cs", head, "    return store.Read(name);")).toEqual([]);
    expect(asked("src/Shop/SkillsProvider.cs", head, "    return await http.GetAsync(path);")).toContain(
      "client-type-added",
    );
  });

  test("a gateway to its own records is no other system, one that asks over HTTP is", () => {
    const own = ["class OrderGateway", "  def fetch(number) = Order.find_by(number:)"];
    expect(asked("lib/gateway/order_gateway.rb", ...own)).not.toContain("client-type-added");
    const foreign = ["class RatesGateway", "  def rate(order) = @http.get(order.currency)"];
    expect(asked("lib/gateway/rates_gateway.rb", ...foreign)).toContain("client-type-added");
  });

  test("a record that is read by its number proves nobody's identity, one that is made does", () => {
    expect(asked("internal/state/keys.go", "func (s *State) GetAPIKeyByID(id uint64) (*Key, error) {")).toEqual([]);
    expect(asked("internal/state/keys.go", "func (s *State) CreateAPIKey(until time.Time) (*Key, error) {")).toContain(
      "authentication-code-added",
    );
  });

  test("a page that is published is no message, an event is", () => {
    expect(asked("app/services/page_publisher.rb", "class PagePublisher", "  def publish", "  end", "end")).toEqual([]);
    expect(asked("app/services/event_publisher.rb", "class EventPublisher", "  def publish", "  end", "end")).toEqual([
      "message-flow-code-added",
    ]);
  });

  test("an address that is compared is not called", () => {
    const compared = '  if (answer.url.startsWith("https://accounts.example-bank.com")) {';
    expect(asked("src/files/import.ts", compared, "    return undefined;", "  }")).toEqual([]);
    expect(
      asked("src/files/import.ts", '  const answer = await axios.get("https://accounts.example-bank.com/v1");'),
    ).toEqual(["outbound-host-added"]);
  });
});
