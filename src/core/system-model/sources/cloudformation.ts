import type { ElementType } from "../../domain/element-type.ts";
import type { FoundElement, FoundFlow } from "../found.ts";
import type { Source } from "../source.ts";
import { productOf } from "../technologies.ts";
import { placeOf, type Thing, textOf, thingsOf } from "../things.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html */
const types: readonly (readonly [RegExp, ElementType, string])[] = [
  [/^AWS::S3::Bucket$/, "object-store", "S3 bucket"],
  [/^AWS::RDS::(DBInstance|DBCluster)$/, "relational-db", "RDS"],
  [/^AWS::Redshift::Cluster$|^AWS::RedshiftServerless::Workgroup$/, "relational-db", "Redshift"],
  [/^AWS::(DynamoDB::(Global)?Table|Serverless::SimpleTable)$/, "document-db", "DynamoDB table"],
  [/^AWS::DocDB::DBCluster$/, "document-db", "DocumentDB"],
  [/^AWS::(ElastiCache::(CacheCluster|ReplicationGroup|ServerlessCache)|MemoryDB::Cluster)$/, "cache", "ElastiCache"],
  [/^AWS::(OpenSearchService|Elasticsearch)::Domain$/, "search-index", "OpenSearch"],
  [/^AWS::SQS::Queue$/, "message-broker", "SQS queue"],
  [/^AWS::SNS::Topic$/, "message-broker", "SNS topic"],
  [/^AWS::Kinesis::Stream$/, "message-broker", "Kinesis stream"],
  [/^AWS::Events::EventBus$/, "message-broker", "EventBridge bus"],
  [/^AWS::(MSK::Cluster|AmazonMQ::Broker)$/, "message-broker", "message broker"],
  [/^AWS::SecretsManager::Secret$/, "secrets-manager", "Secrets Manager secret"],
  [/^AWS::Cognito::UserPool$/, "identity-provider", "Cognito user pool"],
  [/^AWS::(Lambda|Serverless)::Function$/, "serverless-function", "Lambda function"],
  [/^AWS::(Serverless|StepFunctions)::StateMachine$/, "serverless-function", "Step Functions"],
  [/^AWS::ECS::Service$/, "container-image", "ECS service"],
  [/^AWS::EC2::Instance$/, "container-image", "EC2 instance"],
  [/^AWS::AppRunner::Service$/, "container-image", "App Runner service"],
  [
    /^AWS::(ApiGateway::RestApi|ApiGatewayV2::Api|Serverless::(Http)?Api|AppSync::GraphQLApi)$/,
    "edge-gateway",
    "API Gateway",
  ],
  [/^AWS::ElasticLoadBalancing(V2)?::LoadBalancer$/, "edge-gateway", "load balancer"],
  [/^AWS::CloudFront::Distribution$/, "edge-gateway", "CloudFront"],
];

const caller: ReadonlySet<ElementType> = new Set(["serverless-function", "container-image", "edge-gateway"]);
const noFlow = /role|polic|securitygroup|subnet|kms|keyid|loggroup|tags|deadletter|redrive|logging/i;

/**
 * CloudFormation, SAM and Serverless: what a template creates, and which of it names which.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export const source: Source = {
  name: "CloudFormation",
  find(survey) {
    const drawn = thingsOf(survey, "cloudformation-resource").flatMap((thing) => {
      const known = types.find(([pattern]) => pattern.test(thing.item.type));
      return known ? [{ thing, type: known[1], words: known[2] }] : [];
    });
    const byFile = new Map(
      [...Map.groupBy(drawn, ({ thing }) => thing.path)].map(([path, here]) => [
        path,
        new Map(here.map((one) => [one.thing.item.name, one.thing])),
      ]),
    );
    const [first] = drawn;
    return {
      elements: drawn.map(({ thing, type, words }) => elementOf(thing, type, words)),
      flows: drawn.flatMap(({ thing, type }) => flowsOf(thing, type, byFile.get(thing.path) ?? new Map())),
      boundaries: first ? [{ id: "aws-account", name: "AWS account", place: { path: first.thing.path } }] : [],
      data: [],
    };
  },
};

function keyOf({ path, item }: Thing): string {
  return `cloudformation ${path} ${item.name}`;
}

function elementOf(thing: Thing, type: ElementType, words: string): FoundElement {
  const { item, path, facts } = thing;
  const engine = productOf(textOf(item, "Engine") ?? "");
  const stated = [...facts];
  const encrypted = item.attributes.get("StorageEncrypted");
  const line = item.lines.get("StorageEncrypted") ?? item.line;
  if (typeof encrypted === "boolean")
    stated.push({ fact: "encrypted-at-rest", is: encrypted ? "yes" : "no", where: { path, line } });
  return {
    key: keyOf(thing),
    name: item.name,
    type,
    technology: engine ? `${engine.name} (${words})` : words,
    aliases: [item.name],
    files: [path],
    boundary: "aws-account",
    facts: stated,
    ...(type === "edge-gateway" && textOf(item, "Scheme") !== "internal" ? { wayIn: placeOf(thing) } : {}),
    places: [placeOf(thing)],
    rank: 35,
  };
}

function flowsOf(thing: Thing, type: ElementType, here: ReadonlyMap<string, Thing>): FoundFlow[] {
  const flows: FoundFlow[] = [];
  const seen = new Set<string>();
  for (const [name, value] of thing.item.attributes) {
    if (typeof value !== "string" || noFlow.test(name) || name === "DependsOn") continue;
    for (const [word] of value.slice(0, 4_000).matchAll(/[A-Za-z][A-Za-z0-9]{0,200}/g)) {
      const other = here.get(word);
      if (!other || other === thing || seen.has(word)) continue;
      seen.add(word);
      const event = name.startsWith("Events.");
      if (!event && !caller.has(type)) continue;
      const [from, to] = event ? [other, thing] : [thing, other];
      flows.push({ from: { key: keyOf(from) }, to: { key: keyOf(to) }, place: placeOf(thing, name) });
    }
  }
  return flows;
}
