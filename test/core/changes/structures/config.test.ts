import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/config.ts";
import { told } from "../../../make/an-item.ts";

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
