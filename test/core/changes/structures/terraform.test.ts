import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/terraform.ts";
import { told } from "../../../make/an-item.ts";

test("resources, data, nested and dynamic blocks, policies however they are written", () => {
  const text = `# storage
resource "aws_s3_bucket" "files" {
  bucket = "files-\${var.environment}"
  tags   = merge(local.tags, { team = "orders" })
  versioning {
    enabled = true
  }
}

resource "aws_iam_role_policy" "ci" {
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" },
    ]
  })
}

resource "aws_sqs_queue_policy" "jobs" {
  policy = <<-EOT
    { "Statement": [
      { "Effect": "Allow", "Principal": "*" } ] }
  EOT
}

resource "aws_security_group" "api" {
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      cidr_blocks = concat(["10.0.0.0/8"], var.more)
    }
  }
  count = var.on ? 1 : 0
}

data "aws_iam_policy_document" "worker" {
  statement {
    actions = ["sqs:SendMessage", /* and */ "sqs:ReceiveMessage"]
  }
}
`;
  expect(structure.wants("main.tf")).toBe(true);
  expect(told(structure.read("main.tf", text))).toBe(
    `2 terraform-resource aws_s3_bucket (resource.aws_s3_bucket.files) files
  3 bucket = "files-\${var.environment}"
  4 tags.*0 = "local.tags"
  4 tags.team = "orders"
  6 versioning.0.enabled = true
10 terraform-resource aws_iam_role_policy (resource.aws_iam_role_policy.ci) ci
  13 policy.Statement.0.Effect = "Allow"
  13 policy.Statement.0.Action.0 = "s3:GetObject"
  13 policy.Statement.0.Resource = "*"
18 terraform-resource aws_sqs_queue_policy (resource.aws_sqs_queue_policy.jobs) jobs
  21 policy.Statement.0.Effect = "Allow"
  21 policy.Statement.0.Principal = "*"
25 terraform-resource aws_security_group (resource.aws_security_group.api) api
  33 count = "var.on ? 1 : 0"
  27 ingress.0.for_each = "var.ports"
  29 ingress.0.from_port = "ingress.value"
  30 ingress.0.cidr_blocks.0 = "10.0.0.0/8"
  30 ingress.0.cidr_blocks.*0 = "var.more"
36 terraform-data aws_iam_policy_document (data.aws_iam_policy_document.worker) worker
  38 statement.0.actions.0 = "sqs:SendMessage"
  38 statement.0.actions.1 = "sqs:ReceiveMessage"`,
  );
});

test("modules, variables, outputs, providers, state, locals", () => {
  const text = `terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
    old = ">= 1.0"
  }
  backend "s3" {
    bucket = "state"
  }
}
provider "aws" {
  alias = "london"
}
module "network" {
  source = "git::https://github.com/example/network.git//vpc?ref=v1.2.0"
}
variable "password" {
  sensitive = true
}
output "url" { value = aws_lb.public.dns_name }
locals {
  admins = ["arn:aws:iam::1:user/a"]
}
`;
  expect(structure.wants("versions.tf")).toBe(true);
  expect(told(structure.read("versions.tf", text))).toBe(
    `3 dependency hashicorp/aws (hashicorp/aws) hashicorp/aws
  - ecosystem = "terraform"
  3 name = "hashicorp/aws"
  3 version = "~> 5.0"
  3 scope = "build"
  3 source = "registry"
  3 direct = true
4 dependency hashicorp/old (hashicorp/old) hashicorp/old
  - ecosystem = "terraform"
  4 name = "hashicorp/old"
  4 version = ">= 1.0"
  4 scope = "build"
  4 source = "registry"
  4 direct = true
6 terraform-backend s3 (backend) s3
  7 bucket = "state"
10 terraform-provider aws (provider.aws.london) aws
  11 alias = "london"
13 terraform-module github.com/example/network//vpc (module.network) network
  14 source = "git::https://github.com/example/network.git//vpc"
  14 version = "v1.2.0"
  - from = "git"
16 terraform-variable password (variable.password) password
  17 sensitive = true
19 terraform-output url (output.url) url
  19 value = "aws_lb.public.dns_name"
21 terraform-local admins (local.admins) admins
  21 admins.0 = "arn:aws:iam::1:user/a"`,
  );
});

test("a Terragrunt unit is one module call, its remote state a backend", () => {
  const text = `include "root" {
  path = find_in_parent_folders()
}

remote_state {
  backend = "s3"
  config  = { bucket = "state", encrypt = true }
}

terraform {
  source = "git::https://git.example.com/modules.git//bucket?ref=v1.2.0"
}

inputs = {
  name  = "files"
  users = { maria = { groups = ["infra"] } }
}
`;
  expect(structure.wants("accounts/root/files/terragrunt.hcl")).toBe(true);
  expect(structure.wants("images/base.pkr.hcl")).toBe(false);
  const read = structure.read("accounts/root/files/terragrunt.hcl", text);
  if ("unreadable" in read) throw new Error(read.unreadable);
  expect(read.items.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    "terraform-backend state",
    "terraform-module files",
  ]);
  const unit = read.items[1];
  expect(unit?.attributes.get("users.maria.groups.0")).toBe("infra");
  expect(unit?.attributes.get("version")).toBe("v1.2.0");
  expect(unit?.lines.get("users.maria.groups.0")).toBe(16);
});

test("a Terragrunt file of shared settings without a module of its own holds no call", () => {
  const read = structure.read("accounts/account.hcl", 'locals {\n  account = "123"\n}\n');
  if ("unreadable" in read) throw new Error(read.unreadable);
  expect(read.items.map(({ kind }) => kind)).toEqual(["terraform-local"]);
});
