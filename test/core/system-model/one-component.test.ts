import { describe, expect, test } from "@jest/globals";
import { deriveSystem } from "../../../src/core/system-model/system-model.ts";
import { wordsOfModule } from "../../../src/core/system-model/terraform-types.ts";
import { readRules } from "../../../src/shell/local/rule-files.ts";
import { aSurvey } from "../../make/a-survey.ts";

/* What belongs to one component, and what is none by itself. */

const rules = await readRules();

function partsOf(files: Readonly<Record<string, string>>): { elements: string[]; flows: string[] } {
  const { model } = deriveSystem(aSurvey(files, rules));
  return {
    elements: model.elements.filter(({ id }) => id !== "callers").map(({ id, type }) => `${id}: ${type}`),
    flows: model.flows.filter(({ from }) => from !== "callers").map(({ from, to }) => `${from} -> ${to}`),
  };
}

const final = "FROM node:24\nCOPY . .\n";
const express = '{ "dependencies": { "express": "5.1.0" } }';

describe("images", () => {
  test("the Dockerfile that a service names is its own, whatever it is called; those of developers' tools are nobody's", () => {
    const { elements } = partsOf({
      "compose.yaml": "services:\n  api: { build: { context: ., dockerfile: shop.Dockerfile }, ports: ['80:3000'] }\n",
      "shop.Dockerfile": final,
      "maildev.Dockerfile": final,
      Dockerfile: final,
      "package.json": express,
    });
    expect(elements).toEqual(["api: http-api"]);
  });

  test("an image called like the only project of that name is built from it", () => {
    const { elements } = partsOf({
      "backend/Orders/Orders.csproj":
        '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><PackageReference Include="Microsoft.AspNetCore.OpenApi" Version="9.0.0" /></ItemGroup></Project>\n',
      "backend/Orders/Program.cs": 'app.MapGet("/orders", () => 1);\n',
      "packer/one/orders/Dockerfile": final,
      "packer/two/orders/Dockerfile": final,
      "k8s/orders.yaml":
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec: { template: { spec: { containers: [{ name: orders, image: fernhill/orders }] } } }\n",
    });
    expect(elements).toEqual(["orders: http-api"]);
  });
});

describe("modules in which no program begins", () => {
  const pom = (name: string, ...dependencies: string[]) =>
    `<project><artifactId>${name}</artifactId><dependencies>${dependencies
      .map((one) => {
        const [group, artifact] = one.split(":");
        return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>1.0.0</version></dependency>`;
      })
      .join("")}</dependencies></project>\n`;
  const web = "org.springframework.boot:spring-boot-starter-web";

  test("JVM: what a shared module uses, the modules that build on it use", () => {
    expect(
      partsOf({
        "shop-common/pom.xml": pom("shop-common", web, "org.springframework.boot:spring-boot-starter-data-redis"),
        "shop-common/src/main/java/shop/Keys.java": "class Keys {}\n",
        "shop-admin/pom.xml": pom("shop-admin", web, "fernhill:shop-common"),
        "shop-admin/src/main/java/shop/AdminApplication.java": "class AdminApplication {}\n",
        "compose.yaml": 'services:\n  redis: { image: "redis:8" }\n',
      }),
    ).toEqual({ elements: ["redis: cache", "shop-admin: http-api"], flows: ["shop-admin -> redis"] });
  });

  test("a module that answers requests is a component, wherever it begins", () => {
    const { elements } = partsOf({
      "one/pom.xml": pom("one", web),
      "one/src/main/java/shop/OrdersController.java": "class OrdersController {}\n",
      "two/pom.xml": pom("two", web),
      "two/src/main/java/shop/Application.java": "class Application {}\n",
    });
    expect(elements).toEqual(["one: http-api", "two: http-api"]);
  });

  test("Go: a module without a main package", () => {
    const mod = (name: string, ...needs: string[]) =>
      `module fernhill.example/shop/${name}\n\nrequire (\n${needs.map((one) => `\t${one} v1.0.0\n`).join("")})\n`;
    expect(
      partsOf({
        "internal/common/go.mod": mod("internal/common", "github.com/go-chi/chi/v5", "github.com/redis/go-redis/v9"),
        "internal/common/server.go": "package common\n",
        "orders/go.mod": mod("orders", "github.com/go-chi/chi/v5", "fernhill.example/shop/internal/common"),
        "orders/main.go": "package main\n",
      }),
    ).toEqual({ elements: ["orders: http-api", "orders-cache: cache"], flows: ["orders -> orders-cache"] });
  });
});

test("Compose files of a suite of tests describe no system", () => {
  const { elements } = partsOf({
    "tools/TestSuite/docker-compose.yml": 'services:\n  db: { image: "mongo:8" }\n',
    "api/package.json": express,
  });
  expect(elements).toEqual(["api: http-api"]);
});

test.each([
  ["terraform-aws-modules/rds-aurora/aws", "rds-aurora"],
  ["terraform-aws-modules/s3-bucket/aws//modules/object", "s3-bucket"],
  ["app.terraform.io/fernhill/queue/aws", "queue"],
  ["github.com/fernhill/modules//lambda?ref=v1.2.3", "lambda"],
  ["git::https://example.org/fernhill/terraform-aws-sqs.git?ref=v1", "sqs"],
])("the module %s is a %s", (source, words) => {
  expect(wordsOfModule(source)).toBe(words);
});

test("a module from elsewhere lies in the cloud that its neighbours lie in", () => {
  const queue = 'resource "aws_sqs_queue" "jobs" {\n  name = "jobs"\n}\n';
  const { model } = deriveSystem(
    aSurvey(
      { "infra/main.tf": `${queue}module "worker" {\n  source = "github.com/fernhill/modules//lambda?ref=v1"\n}\n` },
      rules,
    ),
  );
  expect(model.elements.map(({ id, type, boundary }) => `${id}: ${type} in ${boundary}`)).toEqual([
    "jobs-sqs-queue: message-broker in aws-account",
    "worker-lambda: serverless-function in aws-account",
  ]);
});

test("an application in the browser that asks in GraphQL is no server", () => {
  const dependencies = { "@angular/core": "20.0.0", graphql: "16.11.0" };
  expect(partsOf({ "frontend/package.json": JSON.stringify({ dependencies }) }).elements).toEqual([
    "frontend: browser-spa",
  ]);
});
