import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/helm.ts";
import { toldPackages } from "../../../make/an-item.ts";

test("charts that a chart brings along", () => {
  const text = `apiVersion: v2
name: orders
dependencies:
  - name: postgresql
    version: 15.2.1
    repository: oci://registry.example.org/charts
  - name: shared
    version: 0.1.0
    repository: file://../shared
`;
  expect(structure.wants("chart/Chart.yaml")).toBe(true);
  expect(toldPackages(structure.read("chart/Chart.yaml", text))).toBe(
    `4 postgresql 15.2.1 runtime
7 shared 0.1.0 runtime path file://../shared`,
  );
});

test("charts that Helmfile installs, whatever the file is called", () => {
  const text = `repositories:
  - name: metrics
    url: https://charts.example.org/metrics
releases:
{{ range .Values.teams }}
  - name: collector
    namespace: metrics
    chart: metrics/collector
    version: 3.66.0
  - name: orders
    version: 0.1.0
    chart: ./charts/orders
{{ end }}
`;
  expect(toldPackages(structure.read("clusters/public.yaml", text))).toBe(
    `6 metrics/collector 3.66.0 runtime
10 ./charts/orders 0.1.0 runtime path `,
  );
  expect(structure.read("deploy.yaml", "kind: Deployment\nreleases: 3\n")).toEqual({ items: [] });
});
