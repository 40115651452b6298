export async function sendClaim({ patient, treatment, amount }) {
  const response = await fetch("https://api.meridian-insurance.example/v2/claims", {
    method: "POST",
    headers: { authorization: `Bearer ${process.env.MERIDIAN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ insuredPerson: patient, treatment, amount }),
  });
  if (!response.ok) throw new Error(`the insurer answered ${response.status}`);
  return (await response.json()).claimNumber;
}
