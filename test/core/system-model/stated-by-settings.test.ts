import { describe, expect, test } from "@jest/globals";
import { folded } from "../../../src/core/system-model/fold.ts";
import type { Component } from "../../../src/core/system-model/parts.ts";
import { type DerivedSystem, deriveSystem } from "../../../src/core/system-model/system-model.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aSurvey } from "../../make/a-survey.ts";
import { told } from "./told.ts";

/* What settings that stand apart from the code say of the system, and what packages do not say. */

const rules = await readRules();

function derived(files: Readonly<Record<string, string>>): DerivedSystem {
  return deriveSystem(aSurvey(files, rules));
}

const flowsOf = (files: Readonly<Record<string, string>>): string[] =>
  told(derived(files)).filter((line) => line.includes(" -> "));

const deployment = (name: string, env: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n          image: example.org/${name}:1\n${env}`;

describe("a ConfigMap", () => {
  const map = (name: string, entries: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata:\n${entries}`;
  const whole = "          envFrom:\n            - configMapRef: {name: neighbours}\n";

  test("taken as a whole, or by one key, leads to what its addresses name, at the line of the address", () => {
    expect(
      flowsOf({
        "k8s/shop.yaml": deployment("shop", whole),
        "k8s/jobs.yaml": deployment(
          "jobs",
          "          env:\n            - name: STORE\n              valueFrom: {configMapKeyRef: {name: neighbours, key: ORDERS_ADDR}}\n",
        ),
        "k8s/orders.yaml": deployment("orders", ""),
        "k8s/stock.yaml": deployment("stock", ""),
        "k8s/map.yaml": map(
          "neighbours",
          '  ORDERS_ADDR: "orders:8080"\n  STOCK_URL: http://stock.shop.svc.cluster.local\n  GREETING: orders\n',
        ),
      }),
    ).toEqual([
      "jobs -> orders @k8s/map.yaml:5",
      "shop -> orders @k8s/map.yaml:5",
      "shop -> stock HTTP @k8s/map.yaml:6",
    ]);
  });

  test("of two with one name the one beside the workload is meant; of others nobody is", () => {
    const files = {
      "a/shop.yaml": deployment("shop", whole),
      "a/orders.yaml": deployment("orders", ""),
      "a/stock.yaml": deployment("stock", ""),
      "b/map.yaml": map("neighbours", "  STOCK_URL: http://stock\n"),
    };
    expect(flowsOf({ ...files, "a/map.yaml": map("neighbours", "  ORDERS_URL: http://orders\n") })).toEqual([
      "shop -> orders HTTP @a/map.yaml:5",
    ]);
    expect(flowsOf({ ...files, "c/map.yaml": map("neighbours", "  ORDERS_URL: http://orders\n") })).toEqual([]);
  });
});

test("values of a Helm chart are given to the workload of their key, else to the chart's own", () => {
  const chart = {
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\n",
    "charts/shop/templates/deployment.yaml": deployment("shop", ""),
    "charts/shop/templates/jobs-deployment.yaml": deployment("shop-jobs", "").replace("name: shop-jobs", "name: jobs"),
    "charts/orders/Chart.yaml": "apiVersion: v2\nname: orders\n",
    "charts/orders/templates/deployment.yaml": deployment("orders", ""),
  };
  expect(
    flowsOf({
      ...chart,
      "charts/shop/values.yaml":
        'ordersUrl: http://orders:8080\njobs:\n  target:\n    host: "shop:80"\nimage: orders\n',
    }),
  ).toEqual(["jobs -> shop @charts/shop/values.yaml:4", "shop -> orders HTTP @charts/shop/values.yaml:1"]);
});

test("a template in a folder of its chart is named by the folder, and is no other workload of the chart", () => {
  const templated = deployment("x", "")
    .replace("metadata: {name: x}", 'metadata:\n  name: {{ template "shop.fullname" . }}')
    .replace("image: example.org/x:1", "image: {{ .Values.image }}");
  const found = derived({
    "charts/shop/Chart.yaml": "apiVersion: v2\nname: shop\n",
    "charts/shop/templates/deployment.yaml": templated,
    "charts/shop/templates/redis/deployment.yaml": templated,
    "charts/shop/templates/jobs/deployment.yaml": templated,
  });
  expect(found.model.elements.map(({ id, type }) => [id, type])).toEqual([
    ["shop", "container-image"],
    ["shop-jobs", "container-image"],
    ["shop-redis", "cache"],
  ]);
});

test("what a Spring Cloud Config server keeps for an application is that application's, and what it keeps for all nobody's", () => {
  const pom = (name: string, ...artifacts: string[]): string =>
    `<project><artifactId>${name}</artifactId><dependencies>${artifacts.map((one) => `<dependency><groupId>org.springframework.${one.startsWith("spring-cloud") ? "cloud" : "boot"}</groupId><artifactId>${one}</artifactId></dependency>`).join("")}</dependencies></project>`;
  const resources = "config/src/main/resources/shared";
  const found = derived({
    "config/pom.xml": pom("config", "spring-cloud-config-server"),
    "gateway/pom.xml": pom("gateway", "spring-cloud-starter-netflix-zuul"),
    "orders/pom.xml": pom("orders", "spring-boot-starter-webmvc"),
    "compose.yaml":
      "services:\n  config: {build: config}\n  gateway: {build: gateway, ports: ['80:80']}\n  orders: {build: orders}\n  store: {image: mongo}\n",
    [`${resources}/application.yml`]: "trace: {url: http://orders}\n",
    [`${resources}/gateway.yml`]: "routes:\n  orders:\n    serviceId: orders\n",
    [`${resources}/orders.yml`]: "spring:\n  data:\n    mongodb:\n      host: store\n      database: shop\n",
  });
  expect(told(found).filter((line) => !line.startsWith("callers:"))).toEqual([
    "config: http-api (org.springframework.cloud:spring-cloud-config-server) in compose @compose.yaml:2",
    "gateway: edge-gateway (org.springframework.cloud:spring-cloud-starter-netflix-zuul) in compose @compose.yaml:3",
    "orders: http-api (org.springframework.boot:spring-boot-starter-webmvc) in compose @compose.yaml:4",
    "store: document-db (MongoDB) in compose @compose.yaml:5",
    "callers -> gateway @compose.yaml:3",
    `gateway -> orders @${resources}/gateway.yml:3`,
    `orders -> store @${resources}/orders.yml:4`,
  ]);
});

test("what Traefik passes on stands in the labels of the services behind it", () => {
  expect(
    flowsOf({
      "compose.yaml":
        'services:\n  proxy: {image: "traefik:3", ports: ["80:80"]}\n  api:\n    build: .\n    labels:\n      - traefik.enable=true\n      - traefik.http.routers.api.rule=Host(`example.org`)\n  jobs: {build: jobs}\n',
    }),
  ).toEqual(["callers -> proxy @compose.yaml:2", "proxy -> api HTTP @compose.yaml:7"]);
});

describe("a database", () => {
  const server = '{"name": "web", "dependencies": {"next": "15.0.0", "pg": "8.0.0", "mysql2": "3.0.0"}}';

  test.each([
    ["Prisma", "prisma/schema.prisma", 'datasource db {\n  provider = "postgresql"\n}\n', 2],
    ["Drizzle", "drizzle.config.ts", 'export default {\n  dialect: "postgresql",\n};\n', 2],
  ])("is stated by %s, whatever drivers there are", (_name, path, text, line) => {
    const [, store] = told(derived({ "package.json": server, [path]: text }));
    expect(store).toBe(`sample-database: relational-db (PostgreSQL) in own-system @${path}:${line}`);
  });

  test("is stated by Django's engine", () => {
    const settings = 'DATABASES = {\n    "default": {\n        "ENGINE": "django.db.backends.postgresql",\n    }\n}\n';
    const [, store] = told(derived({ "requirements.txt": "django==5.1\n", "shop/settings.py": settings }));
    expect(store).toBe("sample-database: relational-db (PostgreSQL) in own-system @shop/settings.py:3");
  });

  test("of which only drivers speak may be there", () => {
    const { model } = derived({ "package.json": server });
    expect(model.elements.map(({ name, facts }) => [name, facts])).toEqual([
      ["sample", []],
      ["sample database?", [{ fact: "in-use", is: "not stated" }]],
    ]);
  });
});

describe("a package says nothing of", () => {
  const partiesOf = (files: Readonly<Record<string, string>>): string[] =>
    derived(files)
      .model.elements.filter(({ boundary }) => boundary === "third-parties")
      .map(({ name }) => name);

  test("the company whose name its library bears; a client says it", () => {
    const pom = (group: string, artifact: string): string =>
      `<project><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency><dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId></dependency></dependencies></project>`;
    expect(partiesOf({ "pom.xml": pom("com.auth0", "java-jwt") })).toEqual([]);
    expect(
      partiesOf({ "package.json": '{"dependencies": {"express": "5.0.0", "@react-email/html": "1.0.0"}}' }),
    ).toEqual([]);
    expect(partiesOf({ "requirements.txt": "flask==3.1\ngoogle-api-core==2.0\n" })).toEqual([]);
    expect(partiesOf({ "requirements.txt": "flask==3.1\nsentry-sdk==2.0\n" })).toEqual(["Sentry"]);
    expect(partiesOf({ "package.json": '{"dependencies": {"express": "5.0.0", "resend": "4.0.0"}}' })).toEqual([
      "Resend",
    ]);
  });

  test("an application in the browser, where it renders mail", () => {
    const app = (dependencies: string): string =>
      `{"name": "mail", "dependencies": {${dependencies}, "react-dom": "19.0.0"}}`;
    const types = (dependencies: string) =>
      derived({ "mail/package.json": app(dependencies) }).model.elements.map(({ type }) => type);
    expect(types('"react-email": "4.0.0"')).toEqual([]);
    expect(types('"react-email": "4.0.0", "vite": "7.0.0"')).toContain("browser-spa");
  });

  test("what central versions of .NET list", () => {
    const props = '<Project><ItemGroup><PackageVersion Include="Stripe.net" Version="48.0.0" /></ItemGroup></Project>';
    const project =
      '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Swashbuckle.AspNetCore" /></ItemGroup></Project>';
    expect(partiesOf({ "src/Directory.Packages.props": props, "src/Shop/Shop.csproj": project })).toEqual([]);
  });
});

describe("an image", () => {
  test("is the project that its recipe publishes, wherever the recipe stands", () => {
    const found = derived({
      "compose.yaml": "services:\n  backend: {build: src, ports: ['80:80']}\n",
      "src/Dockerfile":
        'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nRUN dotnet publish "Api/Shop.Api/Shop.Api.csproj" -c Release -o /app\nFROM mcr.microsoft.com/dotnet/aspnet:9.0\nENTRYPOINT ["/bin/sh", "/start.sh"]\n',
      "src/Api/Shop.Api/Shop.Api.csproj":
        '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Swashbuckle.AspNetCore" Version="9.0.0" /></ItemGroup></Project>',
      "src/Jobs/Shop.Jobs/Shop.Jobs.csproj": '<Project Sdk="Microsoft.NET.Sdk"></Project>',
    });
    expect(told(found)).toEqual([
      "callers: external-entity in internet @compose.yaml:2",
      "backend: http-api (Swashbuckle.AspNetCore) in compose @compose.yaml:2",
      "callers -> backend @compose.yaml:2",
    ]);
  });

  test("that several services run is a part of each, and none beside them", () => {
    const recipe = { "mongodb/Dockerfile": "FROM mongo:7\n" };
    const services = "services:\n  a-store: {image: example/shop-mongodb}\n  b-store: {image: example/shop-mongodb}\n";
    expect(derived({ ...recipe, "compose.yaml": services }).model.elements.map(({ id }) => id)).toEqual([
      "a-store",
      "b-store",
    ]);
    expect(derived(recipe).model.elements.map(({ id }) => id)).toEqual(["mongodb"]);
  });

  test("of a pipeline or of tests runs for nobody", () => {
    expect(
      derived({ ".ci/Dockerfile": "FROM node:24\n", ".github/workflows/ui-tests/Dockerfile": "FROM node:24\n" }).model
        .elements,
    ).toEqual([]);
  });
});

test("a part of a public module that adds to a cluster is no cluster", () => {
  const call = (name: string, source: string): string =>
    `module "${name}" {\n  source  = "${source}"\n  version = "40.0.0"\n}\n`;
  const registry = "terraform-google-modules/kubernetes-engine/google";
  const found = derived({
    "iac/main.tf": `${call("gke", `${registry}//modules/private-cluster`)}${call("mesh", `${registry}//modules/asm`)}`,
  });
  expect(found.model.elements.map(({ type }) => type)).toEqual(["k8s-workload"]);
});

test("of a large system first what watches it is folded, then what stands alone, and the services stay", () => {
  const part = (id: string, type: Component["type"], boundary: string): Component => ({
    id,
    name: id,
    type,
    boundary,
    data: [],
    files: [],
    facts: [],
    places: [],
  });
  const services = Array.from({ length: 8 }, (_, index) => part(`service-${index}`, "container-image", "cluster"));
  const watching = Array.from({ length: 4 }, (_, index) =>
    part(`watch-${index}`, "logging-monitoring", `zone-${index}`),
  );
  const alone = Array.from({ length: 4 }, (_, index) => part(`alone-${index}`, "container-image", "own-system"));
  const flows = services.slice(1).map(({ id }) => ({ from: "service-0", to: id, place: { path: "x" } }));
  const { components } = folded([...services, ...watching, ...alone], flows, 10);
  expect(components.map(({ id }) => id)).toEqual([
    "all-logging-monitoring-group",
    "own-system-container-image-group",
    ...services.map(({ id }) => id),
  ]);
});
