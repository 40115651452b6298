import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/kubernetes.ts";
import { told } from "../../../make/an-item.ts";

test("several objects, a pod's images and hold on the host, a secret without its value", () => {
  const text = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: orders
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: api
          image: ghcr.io/example/api:1.4
          securityContext:
            privileged: true
      volumes:
        - name: socket
          hostPath:
            path: /var/run/docker.sock
---
apiVersion: v1
kind: Secret
metadata:
  name: mail
stringData:
  password: not-to-be-shown
`;
  expect(structure.wants("deploy/api.yaml")).toBe(true);
  expect(told(structure.read("deploy/api.yaml", text))).toBe(
    `2 kubernetes-object Deployment (apps/Deployment/orders/api) api
  1 apiVersion = "apps/v1"
  4 metadata.name = "api"
  5 metadata.namespace = "orders"
  9 spec.template.spec.hostNetwork = true
  11 spec.template.spec.containers.0.name = "api"
  12 spec.template.spec.containers.0.image = "ghcr.io/example/api:1.4"
  14 spec.template.spec.containers.0.securityContext.privileged = true
  16 spec.template.spec.volumes.0.name = "socket"
  18 spec.template.spec.volumes.0.hostPath.path = "/var/run/docker.sock"
  12 image.0 = "ghcr.io/example/api"
  9 host.0 = "hostNetwork"
  16 host.1 = "/var/run/docker.sock"
21 kubernetes-object Secret (/Secret//mail) mail
  20 apiVersion = "v1"
  23 metadata.name = "mail"
  25 stringData.password = "(secret value)"`,
  );
});

test("a Helm template, values left as they are written", () => {
  const text = `{{- if .Values.service.enabled }}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "orders.name" . }}
  labels:
    {{- include "orders.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type | default "LoadBalancer" }}
{{- end }}
`;
  expect(structure.wants("chart/templates/service.yaml")).toBe(true);
  expect(told(structure.read("chart/templates/service.yaml", text))).toBe(
    `3 kubernetes-object Service (/Service//{{ include 'orders.name' . }}) {{ include 'orders.name' . }}
  2 apiVersion = "v1"
  5 metadata.name = "{{ include 'orders.name' . }}"
  6 metadata.labels = null
  9 spec.type = "{{ .Values.service.type | default 'LoadBalancer' }}"`,
  );
});

test("a kind that a template chooses, and one key that it says in two ways", () => {
  const text = `{{- if .Values.rbac }}
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ .Values.namespaced | ternary "Role" "ClusterRole" }}
metadata:
  name: controller
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get]
{{- end }}
---
apiVersion: rbac.authorization.k8s.io/v1
{{- if .Values.namespaced }}
kind: Role
{{- else }}
kind: ClusterRole
{{- end }}
metadata:
  name: server
rules:
  - verbs: [watch]
`;
  const read = structure.read("chart/templates/rbac.yaml", text);
  if ("unreadable" in read) throw new Error(read.unreadable);
  expect(read.items.map(({ type, name, line }) => `${type} ${name} ${line}`)).toEqual([
    "ClusterRole controller 3",
    "Role server 14",
  ]);
  expect(read.items[1]?.attributes.get("rules.0.verbs.0")).toBe("watch");
});
