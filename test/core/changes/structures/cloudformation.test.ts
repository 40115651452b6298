import { expect, test } from "@jest/globals";
import { structure } from "../../../../src/core/changes/structures/cloudformation.ts";
import { told } from "../../../make/an-item.ts";

test("resources and their properties, short functions as text", () => {
  const text = `Resources:
  Files:
    Type: AWS::S3::Bucket
    DeletionPolicy: Retain
    Properties:
      BucketName: !Sub "files-\${AWS::StackName}"
`;
  expect(structure.wants("infra/template.yaml")).toBe(true);
  expect(told(structure.read("infra/template.yaml", text))).toBe(
    `2 cloudformation-resource AWS::S3::Bucket (Files) Files
  6 BucketName = "files-\${AWS::StackName}"
  4 DeletionPolicy = "Retain"`,
  );
});
