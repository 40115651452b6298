/** A native model of about `bytes` bytes, all of whose parts refer to each other. */
export function aModelOf(bytes: number): string {
  let elements = "";
  let threats = "";
  let controls = "";
  for (let index = 0; elements.length + threats.length + controls.length < bytes; index++) {
    elements += `  - id: service-${index}\n    type: http-api\n    name: Service ${index}\n    data: [orders, addresses]\n    files: [src/service-${index}/**]\n`;
    threats += `  - id: threat-${index}\n    element: service-${index}\n    stride: [S, I]\n    title: Somebody reads the orders of another customer through service ${index}\n    impact: high\n    likelihood: medium\n    status: mitigated\n    controls: [control-${index}]\n`;
    controls += `  - id: control-${index}\n    title: Every order is read through the account of its owner\n    status: implemented\n    evidence: [src/service-${index}/orders.ts]\n`;
  }
  return `schemaVersion: 1\nsystem:\n  id: shop\n  name: Shop\nelements:\n${elements}threats:\n${threats}controls:\n${controls}`;
}
