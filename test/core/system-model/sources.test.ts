import { describe, expect, test } from "@jest/globals";
import { type DerivedSystem, deriveSystem } from "../../../src/core/system-model/system-model.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aSurvey } from "../../make/a-survey.ts";
import { told } from "./told.ts";

const rules = await readRules();

function derived(files: Readonly<Record<string, string>>): DerivedSystem {
  return deriveSystem(aSurvey(files, rules));
}

describe("Compose", () => {
  test("services, what they are built from, and whom their settings name", () => {
    const found = derived({
      "compose.yaml": `services:
  shop:
    build: .
    ports: ["80:3000"]
    user: "1000"
    environment:
      - DATABASE_URL=postgres://shop:secret@store:5432/shop
      - POSTGRES_DB=jobs
  jobs:
    build: .
    command: node jobs.js
    depends_on: { store: { condition: service_healthy }, migrate: { condition: service_completed_successfully } }
  migrate: { build: . }
  store: { image: "postgres:17" }
`,
    });
    expect(told(found)).toEqual([
      "callers: external-entity in internet @compose.yaml:4",
      "jobs: container-image in compose @compose.yaml:9",
      "shop: container-image in compose runs-as-root=no @compose.yaml:2",
      "store: relational-db (PostgreSQL) in compose @compose.yaml:14",
      "callers -> shop @compose.yaml:4",
      "jobs -> store @compose.yaml:12",
      "shop -> store PostgreSQL @compose.yaml:7",
    ]);
  });

  test("what others wait for until it has ended is no part, nor are the ways to and from it", () => {
    const found = derived({
      "compose.yaml": `services:
  api:
    build: .
    depends_on: { prestart: { condition: service_completed_successfully }, store: { condition: service_started } }
  worker: { build: ., depends_on: [prestart, db-migrator, store] }
  prestart: { build: ., depends_on: [store] }
  db-migrator: { build: ., depends_on: [store] }
  store: { image: "postgres:17" }
`,
    });
    expect(told(found)).toEqual([
      "api: container-image in compose @compose.yaml:2",
      "store: relational-db (PostgreSQL) in compose @compose.yaml:8",
      "worker: container-image in compose @compose.yaml:5",
      "api -> store @compose.yaml:4",
      "worker -> store @compose.yaml:5",
    ]);
  });

  test("a port on the loopback is no way in, and tools of developers are no part", () => {
    expect(
      told(
        derived({
          "docker-compose.yml":
            'services:\n  api: { build: ., ports: ["127.0.0.1:80:80"] }\n  mail: { image: axllent/mailpit, ports: ["8025:8025"] }\n',
        }),
      ),
    ).toEqual(["api: container-image in compose @docker-compose.yml:2"]);
  });

  test("code that is mounted instead of built in belongs to the service that is given it", () => {
    const found = derived({
      "compose.yaml":
        'services:\n  site: { image: "php:8.4-apache", volumes: [".:/var/www/html"], ports: ["80:80"] }\n',
      "composer.json": '{"require": {"slim/slim": "4"}}',
    });
    expect(told(found)[1]).toBe("site: http-api (slim/slim) in compose @compose.yaml:2");
  });

  test("a secret in a setting says nothing of what a service is", () => {
    const found = derived({
      "compose.yaml": "services:\n  app: { image: example/app, environment: { APP_SECRET: 'abcdefgh12345678' } }\n",
    });
    expect(found.model.elements.map(({ type }) => type)).toEqual(["container-image"]);
  });

  test("H054 a password inside an address reaches nothing that is written", () => {
    const found = derived({
      "compose.yaml":
        "services:\n  a: { build: ., environment: { DB: 'postgres://u:hunter2@db/x' } }\n  db: { image: postgres }\n",
    });
    expect(told(found)).toContain("a -> db PostgreSQL @compose.yaml:2");
    expect(JSON.stringify([found.model, [...found.origins]])).not.toContain("hunter2");
  });

  test("a variant for development counts only where no other file stands", () => {
    const dev = "services:\n  only-here: { image: redis }\n";
    const both = { "compose.dev.yaml": dev, "compose.yaml": "services:\n  api: { build: . }\n" };
    expect(derived({ "compose.dev.yaml": dev }).model.elements.map(({ id }) => id)).toEqual(["only-here"]);
    expect(derived(both).model.elements.map(({ id }) => id)).toEqual(["api"]);
  });
});

describe("Kubernetes and Helm", () => {
  const deployment = (name: string, image: string, rest = ""): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  template:\n    metadata: { labels: { app: ${name} } }\n    spec:\n      containers:\n        - name: main\n          image: ${image}\n${rest}`;
  const service = (name: string, app: string, type = "ClusterIP"): string =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\nspec: { type: ${type}, selector: { app: ${app} } }\n`;

  test("workloads behind their Services and an Ingress", () => {
    const found = derived({
      "k8s/web.yaml": `${deployment("web", "registry.example/web", "          env:\n            - { name: API_ADDR, value: 'api-svc:8080' }\n")}---\n${service("web-svc", "web")}`,
      "k8s/api.yaml": `${deployment("api", "registry.example/api", "          securityContext: { runAsNonRoot: true }\n")}---\n${service("api-svc", "api")}`,
      "k8s/ingress.yaml":
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: all }\nspec:\n  rules:\n    - http:\n        paths:\n          - backend: { service: { name: web-svc, port: { number: 80 } } }\n",
    });
    expect(told(found)).toEqual([
      "callers: external-entity in internet @k8s/ingress.yaml:2",
      "api: container-image in cluster runs-as-root=no @k8s/api.yaml:2",
      "ingress: k8s-ingress (Kubernetes Ingress) in cluster @k8s/ingress.yaml:2",
      "web: container-image in cluster @k8s/web.yaml:2",
      "callers -> ingress @k8s/ingress.yaml:2",
      "ingress -> web HTTP @k8s/ingress.yaml:8",
      "web -> api @k8s/web.yaml:12",
    ]);
  });

  test("a Service of type LoadBalancer is a way in; a known image is its product", () => {
    expect(
      told(
        derived({
          "deploy/all.yaml": [
            deployment("shop", "example/shop"),
            service("shop", "shop", "LoadBalancer"),
            deployment("store", "redis:8"),
          ].join("---\n"),
        }),
      ),
    ).toEqual([
      "callers: external-entity in internet @deploy/all.yaml:15",
      "shop: container-image in cluster @deploy/all.yaml:2",
      "store: cache (Redis) in cluster @deploy/all.yaml:18",
      "callers -> shop @deploy/all.yaml:15",
    ]);
  });

  test("a template is known by its chart, and charts bring stores along", () => {
    const found = derived({
      "deploy/charts/orders/Chart.yaml":
        'apiVersion: v2\nname: orders\ndependencies:\n  - { name: postgresql, version: "16.0.0", repository: "https://charts.example.org" }\n  - { name: common, version: "2.0.0", repository: "https://charts.example.org" }\n',
      "deploy/charts/orders/templates/deployment.yaml": deployment(
        '{{ include "orders.fullname" . }}',
        '"{{ .Values.image }}"',
      ),
    });
    expect(told(found)).toEqual([
      "orders: container-image in cluster @deploy/charts/orders/templates/deployment.yaml:2",
      "postgresql: relational-db (PostgreSQL) in cluster @deploy/charts/orders/Chart.yaml:4",
    ]);
  });

  test("the same service in Compose and in the cluster is one", () => {
    const found = derived({
      "compose.yaml": "services:\n  orders: { build: ./orders }\n",
      "k8s/orders.yaml": deployment("orders", "example/orders"),
      "orders/Dockerfile": "FROM golang:1.25\nUSER 65532\n",
    });
    expect(told(found)).toEqual(["orders: container-image in compose runs-as-root=no @compose.yaml:2"]);
  });
});

describe("Terraform", () => {
  test("a gateway serves what its target group leads to, in its network", () => {
    const found = derived({
      "infra/main.tf": `resource "aws_vpc" "shop" {}
resource "aws_subnet" "a" {
  vpc_id = aws_vpc.shop.id
}
resource "aws_lb" "front" {
  internal = false
  subnets  = [aws_subnet.a.id]
}
resource "aws_lb_target_group" "web" {
  vpc_id = aws_vpc.shop.id
}
resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.front.arn
  default_action {
    target_group_arn = aws_lb_target_group.web.arn
  }
}
resource "aws_ecs_service" "web" {
  load_balancer {
    target_group_arn = aws_lb_target_group.web.arn
  }
  network_configuration {
    subnets = [aws_subnet.a.id]
  }
}
resource "aws_iam_role" "web" {}
resource "random_password" "db" {}
`,
    });
    expect(told(found)).toEqual([
      "callers: external-entity in internet @infra/main.tf:6",
      "front-lb: edge-gateway (lb) in network-shop internet-facing=yes @infra/main.tf:5",
      "web-ecs-service: container-image (ecs service) in network-shop @infra/main.tf:18",
      "callers -> front-lb @infra/main.tf:6",
      "front-lb -> web-ecs-service @infra/main.tf:9",
    ]);
    expect(found.model.boundaries.find(({ id }) => id === "network-shop")?.parent).toBe("aws-account");
  });

  test("a public module is what it is called; a resource keeps its id over a stated rename", () => {
    const bucket = (name: string): string => `resource "aws_s3_bucket" "${name}" {}\n`;
    const found = derived({
      "main.tf": `module "orders" {\n  source = "terraform-aws-modules/rds/aws"\n  engine = "mysql"\n}\n`,
    });
    expect(told(found)).toEqual(["orders-rds: relational-db (MySQL or MariaDB (rds)) in aws-account @main.tf:1"]);
    const renamed = `${bucket("reports")}moved {\n  from = aws_s3_bucket.exports\n  to   = aws_s3_bucket.reports\n}\n`;
    expect(derived({ "main.tf": bucket("exports") }).model.elements.map(({ id }) => id)).toEqual(["exports-s3-bucket"]);
    expect(derived({ "main.tf": renamed }).model.elements.map(({ id }) => id)).toEqual(["exports-s3-bucket"]);
  });

  test("many secrets are one store of secrets", () => {
    const secrets = ["a", "b", "c"].map((name) => `resource "aws_secretsmanager_secret" "${name}" {}\n`).join("");
    expect(derived({ "secrets.tf": secrets }).model.elements.map(({ id }) => id)).toEqual(["aws-account-secrets"]);
  });
});

test("CloudFormation: what a template creates, and what names what", () => {
  const found = derived({
    "template.yaml": `AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: { StageName: prod }
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: { TableName: orders }
  Place:
    Type: AWS::Serverless::Function
    Properties:
      Environment:
        Variables:
          TABLE: !Ref Orders
      Events:
        Post:
          Type: Api
          Properties: { RestApiId: !Ref Api, Path: /orders, Method: post }
`,
  });
  expect(told(found)).toEqual([
    "callers: external-entity in internet @template.yaml:4",
    "api: edge-gateway (API Gateway) in aws-account @template.yaml:4",
    "orders: document-db (DynamoDB table) in aws-account @template.yaml:7",
    "place: serverless-function (Lambda function) in aws-account @template.yaml:10",
    "api -> place @template.yaml:18",
    "callers -> api @template.yaml:4",
    "place -> orders @template.yaml:15",
  ]);
});

test(".NET Aspire: what the application host adds, and who is given what", () => {
  const found = derived({
    "src/AppHost/Program.cs": `var builder = DistributedApplication.CreateBuilder(args);
var bus = builder.AddRabbitMQ("bus"); // one for all
var server = builder.AddPostgres("pg")
    .WithLifetime(ContainerLifetime.Persistent);
var ordersDb = server.AddDatabase("ordersdb");
var key = builder.AddParameter("key");
var orders = builder.AddProject<Projects.Orders_Api>("orders")
    .WithReference(ordersDb)
    .WithReference(bus).WaitFor(bus);
var endpoint = orders.GetEndpoint("https");
builder.AddProject<Projects.Shop>("shop")
    .WithExternalHttpEndpoints()
    .WithEnvironment("Orders__Url", endpoint);
builder.Build().Run();
`,
    "src/AppHost/AppHost.csproj":
      '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup></Project>',
    "src/Orders.Api/Orders.Api.csproj":
      '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Grpc.AspNetCore" Version="2.71.0" /></ItemGroup></Project>',
  });
  expect(told(found)).toEqual([
    "callers: external-entity in internet @src/AppHost/Program.cs:11",
    "bus: message-broker (RabbitMQ) in app-host @src/AppHost/Program.cs:2",
    "orders: http-api (Grpc.AspNetCore) in app-host @src/AppHost/Program.cs:7",
    "pg: relational-db (PostgreSQL) in app-host @src/AppHost/Program.cs:3",
    "shop: process in app-host @src/AppHost/Program.cs:11",
    "callers -> shop @src/AppHost/Program.cs:11",
    "orders -> bus AMQP @src/AppHost/Program.cs:7",
    "orders -> pg PostgreSQL @src/AppHost/Program.cs:7",
    "shop -> orders @src/AppHost/Program.cs:11",
  ]);
});

describe("code and its packages", () => {
  test("drivers without a deployment are one store that may be there: whether it is, is asked", () => {
    const found = derived({
      "go.mod":
        "module example.org/notes\n\nrequire (\n\tgithub.com/gin-gonic/gin v1.11.0\n\tgorm.io/driver/postgres v1.6.0\n\tgorm.io/driver/sqlite v1.6.0\n)\n",
      "api/notes.go": 'package api\n\nfunc Routes(r *gin.Engine) {\n\tr.GET("/notes", list)\n}\n',
    });
    expect(told(found)).toEqual([
      "callers: external-entity in internet @api/notes.go:4",
      "sample: http-api (github.com/gin-gonic/gin) in own-system @go.mod:4",
      "sample-database: relational-db (PostgreSQL or SQLite) in own-system in-use=not stated @go.mod:5",
      "callers -> sample @api/notes.go:4",
      "sample -> sample-database @go.mod:5",
    ]);
  });

  test("a library is no component, and its client counts for the only application", () => {
    const found = derived({
      "apps/api/package.json": '{"name": "api", "dependencies": {"fastify": "5.0.0"}}',
      "packages/billing/package.json": '{"name": "billing", "dependencies": {"stripe": "19.0.0"}}',
    });
    expect(told(found)).toEqual([
      "api: http-api (fastify) in own-system @apps/api/package.json:1",
      "stripe: third-party-saas in third-parties @packages/billing/package.json:1",
      "api -> stripe HTTPS @packages/billing/package.json:1",
    ]);
  });

  test("what protects a server makes nothing a server; tests and examples are no part", () => {
    expect(derived({ "package.json": '{"dependencies": {"helmet": "8.0.0"}}' }).model.elements).toEqual([]);
    expect(
      derived({
        "examples/a/package.json": '{"dependencies": {"express": "5.0.0"}}',
        "test/compose.yaml": "services: {db: {image: postgres}}",
      }).model.elements,
    ).toEqual([]);
  });

  test.each([
    [
      "JavaScript",
      "package.json",
      '{"dependencies": {"express": "5.0.0"}}',
      "src/app.js",
      'app.get("/orders", list);\n',
    ],
    [
      "Python",
      "requirements.txt",
      "fastapi==0.121.0\n",
      "app/main.py",
      '@app.get("/orders")\ndef orders():\n    return []\n',
    ],
    [
      "Java",
      "pom.xml",
      "<project><dependencies><dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency></dependencies></project>",
      "src/main/java/org/samples/Orders.java",
      '@GetMapping("/orders")\n',
    ],
    ["Ruby", "Gemfile", 'gem "sinatra"\n', "config/routes.rb", 'get "/orders", to: "orders#index"\n'],
    [
      "PHP",
      "composer.json",
      '{"require": {"slim/slim": "4"}}',
      "routes/web.php",
      "<?php\nRoute::get('/orders', fn () => []);\n",
    ],
    [
      "C#",
      "Orders.csproj",
      '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Swashbuckle.AspNetCore" Version="9.0.0" /></ItemGroup></Project>',
      "Program.cs",
      'app.MapGet("/orders", () => orders);\n',
    ],
    [
      "Rust",
      "Cargo.toml",
      '[package]\nname = "orders"\n[dependencies]\naxum = "0.8"\n',
      "src/main.rs",
      'let app = Router::new().route("/orders", get(list));\n',
    ],
  ])(
    "an interface in %s: the server in its manifest, the route in its code",
    (_language, manifest, text, path, code) => {
      const { model } = derived({ [manifest]: text, [path]: code });
      expect(model.elements.map(({ type }) => type)).toEqual(["external-entity", "http-api"]);
      expect(model.flows.map(({ from }) => from)).toEqual(["callers"]);
    },
  );

  test("hosts count where they are interfaces, and pages are passed over", () => {
    const found = derived({
      "package.json": '{"dependencies": {"express": "5.0.0"}}',
      "src/pay.js":
        'export const pay = (body) => fetch("https://api.stripe.com/v1/charges", { body });\nexport const help = "https://www.some-shop.io/help";\nexport const rain = () => fetch("https://api.rain-in-berlin.io/today");\n',
    });
    expect(told(found)).toEqual([
      "rain-in-berlin-io: third-party-saas in third-parties @src/pay.js:3",
      "sample: http-api (express) in own-system @package.json:1",
      "stripe: third-party-saas in third-parties @src/pay.js:1",
      "sample -> rain-in-berlin-io HTTPS @src/pay.js:3",
      "sample -> stripe HTTPS @src/pay.js:1",
    ]);
  });
});

test("OpenAPI says whether callers prove who they are, and which data passes", () => {
  const found = derived({
    "package.json": '{"dependencies": {"express": "5.0.0"}}',
    "openapi.yaml":
      "openapi: 3.1.0\nsecurity: [{ key: [] }]\npaths:\n  /people:\n    get: { responses: {} }\ncomponents:\n  schemas:\n    Person:\n      properties:\n        email: { type: string }\n        apiToken: { type: string }\n",
  });
  expect(told(found)[1]).toBe(
    "sample: http-api (express) in own-system authenticated=yes holds contact details, credentials @package.json:1",
  );
  expect(found.data.map(({ name, classification, fields }) => [name, classification, fields])).toEqual([
    ["contact details", "personal", ["Person.email"]],
    ["credentials", "secret", ["Person.api_token"]],
  ]);
});

test("a workflow that publishes: the pipeline and its registries, pinned or not", () => {
  const workflow = (ref: string): Record<string, string> => ({
    ".github/workflows/release.yml": `on: push\njobs:\n  all:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: docker/login-action@${ref}\n      - run: npm publish\n`,
  });
  expect(told(derived(workflow("v3")))).toEqual([
    "build-and-deployment: cicd-pipeline (GitHub Actions) in ci pinned=no @.github/workflows/release.yml",
    "container-registry: artifact-registry in third-parties @.github/workflows/release.yml:6",
    "npm-registry: artifact-registry in third-parties @.github/workflows/release.yml:7",
    "build-and-deployment -> container-registry HTTPS @.github/workflows/release.yml:6",
    "build-and-deployment -> npm-registry HTTPS @.github/workflows/release.yml:7",
  ]);
  expect(told(derived(workflow("5e57cd118135c172c3672efd75eb46360885c0ef")))[0]).toContain("pinned=yes");
});

test("facts that two files contradict are left open", () => {
  const found = derived({
    "compose.yaml": "services:\n  api: { build: ., user: root }\n",
    Dockerfile: "FROM node:24\nUSER node\n",
  });
  expect(found.model.elements[0]?.facts).toEqual([]);
});

test("what cannot be read is named, and the rest is still told", () => {
  const found = derived({
    "compose.yaml": "services: [",
    "k8s/redis.yaml":
      "apiVersion: v1\nkind: Pod\nmetadata: { name: store }\nspec: { containers: [{ name: a, image: redis }] }\n",
  });
  expect(found.notRead.map(({ path }) => path)).toEqual(["compose.yaml"]);
  expect(found.model.elements.map(({ id }) => id)).toEqual(["store"]);
});
