import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/compose.ts";
import { told } from "../../../make/an-item.ts";

test("services with images, ports, folders and settings in every spelling", () => {
  const text = `services:
  web:
    build: .
    image: \${REGISTRY:-ghcr.io/example}/web:1
    environment:
      - LOG_LEVEL=info
      - TOKEN
    ports:
      - "8080:80"
      - 127.0.0.1:9000:9000
      - target: 53
        published: "5353"
    volumes:
      - ./data:/data
      - cache:/cache
  db:
    image: docker.io/library/postgres:16@sha256:0123
    privileged: true
volumes:
  cache:
`;
  expect(structure.wants("compose.yaml")).toBe(true);
  expect(told(structure.read("compose.yaml", text))).toBe(
    `2 compose-service ghcr.io/example/web (web) web
  4 image = "ghcr.io/example/web:1"
  4 repository = "ghcr.io/example/web"
  4 registry = "ghcr.io"
  4 tag = "1"
  4 pinned = false
  3 built = true
  3 build = "."
  6 environment.LOG_LEVEL = "info"
  7 environment.TOKEN = null
  9 ports.0 = "8080:80"
  9 published.0 = "8080:80"
  10 ports.1 = "127.0.0.1:9000:9000"
  11 ports.2 = "5353:53"
  11 published.1 = "5353:53"
  14 volumes.0 = "./data:/data"
  14 mount.0 = "./data:/data"
  15 volumes.1 = "cache:/cache"
16 compose-service postgres (db) db
  17 image = "docker.io/library/postgres:16@sha256:0123"
  17 repository = "postgres"
  17 tag = "16"
  17 digest = "sha256:0123"
  17 pinned = true
  - built = false
  18 privileged = true
20 compose-volume cache (cache) cache`,
  );
});
