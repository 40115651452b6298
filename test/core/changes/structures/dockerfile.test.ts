import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/dockerfile.ts";
import { told } from "../../../make/an-item.ts";

test("arguments, stages, inherited users, remote files", () => {
  const text = `# syntax=docker/dockerfile:1
ARG BASE=node:22
FROM --platform=linux/amd64 \${BASE}-slim AS base
USER app
EXPOSE 8080 9090/udp

FROM golang:1.23 AS build
ARG TOKEN
RUN go build \\
    # a comment inside
    -o /api .
RUN <<EOF
echo one
echo two
EOF

FROM base
ENV MODE=production LEVEL="in fo"
ADD https://files.example.org/tool.tgz /opt/
COPY --from=busybox:1.36 /bin/sh /bin/sh
HEALTHCHECK CMD true
CMD ["node", "."]
`;
  expect(structure.wants("Dockerfile")).toBe(true);
  expect(told(structure.read("Dockerfile", text))).toBe(
    `3 dockerfile-stage node (base) base
  3 stage = "base"
  3 image = "node:22-slim"
  3 repository = "node"
  3 tag = "22-slim"
  3 pinned = false
  3 family = "node"
  3 written = "\${BASE}-slim"
  4 user = "app"
  5 expose.0 = "8080"
  5 expose.1 = "9090/udp"
  - final = false
7 dockerfile-stage golang (build) build
  7 stage = "build"
  7 image = "golang:1.23"
  7 repository = "golang"
  7 tag = "1.23"
  7 pinned = false
  7 family = "golang"
  8 arg.TOKEN = ""
  9 run.0 = "go build -o /api ."
  12 run.1 = "<<EOF ; echo one ; echo two"
  - final = false
17 dockerfile-stage node (final) node
  3 image = "node:22-slim"
  3 repository = "node"
  3 tag = "22-slim"
  3 pinned = false
  3 family = "node"
  3 written = "\${BASE}-slim"
  4 user = "app"
  5 expose.0 = "8080"
  5 expose.1 = "9090/udp"
  18 env.MODE = "production"
  18 env.LEVEL = "in fo"
  19 add.0 = "https://files.example.org/tool.tgz"
  20 copy-from.0 = "busybox:1.36"
  21 healthcheck = "CMD true"
  22 cmd = "[\\"node\\", \\".\\"]"
  - final = true`,
  );
});
