import { describe, expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/config.ts";
import { told } from "../../../make/an-item.ts";
import fc from "../../../make/fast-check.ts";

test("Helm values", () => {
  const text = `postgres:
  authEnabled: true
ingress:
  hosts:
    - host: a.example.org
    - host: b.example.org
`;
  expect(structure.wants("chart/values.yaml")).toBe(true);
  expect(told(structure.read("chart/values.yaml", text))).toBe(
    `2 config-key postgres.auth_enabled (postgres.authEnabled) postgres.authEnabled
  2 value = true
  - format = "yaml"
5 config-key ingress.hosts.host (ingress.hosts.host=a.example.org) ingress.hosts.0.host
  5 value = "a.example.org"
  - format = "yaml"
6 config-key ingress.hosts.host (ingress.hosts.host=b.example.org) ingress.hosts.1.host
  6 value = "b.example.org"
  - format = "yaml"`,
  );
});

test("Terraform variable files", () => {
  const text = `readers = ["serviceAccount:a@b.test"]
database = {
  log_statement = "ddl"
}
`;
  expect(structure.wants("production.tfvars")).toBe(true);
  expect(told(structure.read("production.tfvars", text))).toBe(
    `1 config-key readers (readers=serviceAccount:a@b.test) readers.0
  1 value = "serviceAccount:a@b.test"
  - format = "tfvars"
3 config-key database.log_statement (database.log_statement) database.log_statement
  3 value = "ddl"
  - format = "tfvars"`,
  );
});

test("elements of a list that have names are known by them, their own lists by what they hold", () => {
  const text = `frontends = [
  {
    name           = "orders"
    disabled_rules = ["942100"]
  },
  {
    name           = "billing"
    disabled_rules = ["942100", "942120"]
  },
]
`;
  expect(
    told(structure.read("production.tfvars", text))
      .match(/\(.*\)/g)
      ?.join("\n"),
  ).toBe(
    `(frontends.[orders].name)
(frontends.[orders].disabled_rules=942100)
(frontends.[billing].name)
(frontends.[billing].disabled_rules=942100)
(frontends.[billing].disabled_rules=942120)`,
  );
});

test("a variable file of more settings than one thing has", () => {
  const text = `allowed = [\n${Array.from({ length: 6_000 }, (_, index) => `  "10.0.${index >> 8}.${index & 255}/32",\n`).join("")}]\n`;
  expect(told(structure.read("production.tfvars", text)).match(/config-key/g)).toHaveLength(6_000);
});

test("samples of environment files, offers that are commented out included", () => {
  const text = `PORT=8080
# SMTP_PASSWORD="change me"
export API_URL=https://api.test
`;
  expect(structure.wants("conf/.env.example")).toBe(true);
  expect(told(structure.read("conf/.env.example", text))).toBe(
    `1 config-key port (PORT) PORT
  1 value = "8080"
  - format = "environment"
2 config-key smtp_password (SMTP_PASSWORD) SMTP_PASSWORD
  2 value = "change me"
  - format = "environment"
3 config-key api_url (API_URL) API_URL
  3 value = "https://api.test"
  - format = "environment"`,
  );
});

test("settings of Spring, of the older and the newer form", () => {
  const text = `spring.datasource.url=jdbc:postgresql://db/orders
server.ssl.enabled: true
`;
  expect(structure.wants("src/main/resources/application.properties")).toBe(true);
  expect(told(structure.read("src/main/resources/application.properties", text))).toBe(
    `1 config-key spring.datasource.url (spring.datasource.url) spring.datasource.url
  1 value = "jdbc:postgresql://db/orders"
  - format = "properties"
2 config-key server.ssl.enabled (server.ssl.enabled) server.ssl.enabled
  2 value = "true"
  - format = "properties"`,
  );
});

describe("of which only the changed places are known", () => {
  const told1 = (path: string, text: string): string =>
    told(structure.readFragment?.(path, text) ?? { unreadable: "not read" }).replace(/\n {2}- format.*/g, "");

  test("YAML belongs to the lines above it that stand further left", () => {
    const text = `shop:
  security:
    csrf-enabled: false # for now
  hosts:
  - a.example.org
  - b.example.org
  people:
    - name: maria
      role: keeper
  note: |
    password: none
  tags: [one, "two"]
`;
    expect(
      told1("application.yml", text),
    ).toBe(`3 config-key shop.security.csrf_enabled (shop.security.csrf-enabled) shop.security.csrf-enabled
  3 value = false
5 config-key shop.hosts (shop.hosts=a.example.org) shop.hosts.0
  5 value = "a.example.org"
6 config-key shop.hosts (shop.hosts=b.example.org) shop.hosts.1
  6 value = "b.example.org"
8 config-key shop.people.name (shop.people.[maria].name) shop.people.0.name
  8 value = "maria"
9 config-key shop.people.role (shop.people.[maria].role) shop.people.0.role
  9 value = "keeper"
12 config-key shop.tags (shop.tags=one) shop.tags.0
  12 value = "one"
12 config-key shop.tags (shop.tags=two) shop.tags.1
  12 value = "two"`);
  });

  test("what stands above an unknown place says nothing of what stands below", () => {
    expect(
      told1("application.yml", "security:\n  on: true\n\n\n\n  off: false\n"),
    ).toBe(`2 config-key security.on (security.on) security.on
  2 value = true
6 config-key off (off) off
  6 value = false`);
  });

  test("JSON as people lay it out", () => {
    const text = `  "Shop": {
    "ClientSecret": "change me",
    "Hosts": [
      "a.example.org"
    ],
    "On": true
`;
    expect(told1("appsettings.json", text)).toBe(`2 config-key shop.client_secret (Shop.ClientSecret) Shop.ClientSecret
  2 value = "change me"
4 config-key shop.hosts (Shop.Hosts=a.example.org) Shop.Hosts.0
  4 value = "a.example.org"
6 config-key shop.on (Shop.On) Shop.On
  6 value = true`);
  });

  test("a file of variables of Terraform is not read in parts, and never throws whatever stands there", () => {
    expect(structure.readFragment?.("a.tfvars", "a = 1")).toEqual({ unreadable: "its whole text was not read" });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(" ", "-", ":", "a", '"', "\n", "{", "[", "|", ","), maxLength: 60 }),
        (text) => {
          expect(structure.readFragment?.("application.yml", text)).toHaveProperty("items");
        },
      ),
    );
  });
});
