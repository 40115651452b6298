import { describe, expect, test } from "@jest/globals";
import { judgeDeliverables } from "../../../../src/core/assess/deliverables.ts";
import { readOne } from "../../../../src/core/readers/read-model.ts";
import { deliverableRules } from "../sample.ts";

function modelOf(text: string) {
  const { model } = readOne({ path: "docs/threat-model.md", text });
  if (model === undefined) throw new Error("no model");
  return model;
}

function threatsOf(text: string) {
  return modelOf(text).threats.map(({ title, stride, risk, mitigation }) => [
    title,
    stride.join(""),
    risk ?? null,
    mitigation ?? null,
  ]);
}

function states(text: string) {
  const verdicts = judgeDeliverables(modelOf(text), deliverableRules(), { paths: [] });
  return Object.fromEntries(Object.entries(verdicts).map(([id, { state }]) => [id, state]));
}

describe("one threat in a table of two columns", () => {
  const spoofing = `# Ferry bookings

## STRIDE analysis

### S - Spoofing

| Threat | A stranger books as a travel agency |
|--------|-------------------------------------|
| **Risk Level** | High |
| **Attack Vector** | Guess the agency's number |
| **Mitigations** | |
| | - Each agency signs its orders |
| | - Numbers are drawn at random |
| **Residual Risk** | Low - a key may still be lent |

### T - Tampering

| Threat | A deckhand alters the passenger list |
|--------|--------------------------------------|
| **Risk Level** | Medium |
| **Mitigations** | |
| | - Lists are sealed at departure |
`;

  test("is one threat of the category above it; rows without a label go on with the row before", () => {
    expect(threatsOf(spoofing)).toEqual([
      [
        "A stranger books as a travel agency",
        "S",
        "high",
        "- Each agency signs its orders\n- Numbers are drawn at random",
      ],
      ["A deckhand alters the passenger list", "T", "medium", "- Lists are sealed at departure"],
    ]);
  });

  test('a sentence under "Risk" says what may happen; the residual risk beside it rates', () => {
    const text = `# Ferry bookings

## Threats

### F1: Timetable poisoning

| | |
|---|---|
| **Risk** | Wrong departures are shown to travellers |
| **Mitigations** | |
| | 1. Timetables are signed by the harbour |
| **Residual risk** | Low — the harbour's key is kept offline |
`;
    expect(threatsOf(text)).toEqual([["Timetable poisoning", "", "low", "1. Timetables are signed by the harbour"]]);
  });
});

test("entries of somebody's catalogue are threats where each tells its risk and its answer, and none where it only names them", () => {
  const mapping = (under: string): string =>
    `# Tide tables\n\n## OWASP Top 10 mapping\n\n### A01: Broken access control\n\n${under}\n`;
  const told =
    "| | |\n|---|---|\n| **Risk** | A visitor changes the table of another harbour |\n| **Our mitigations** | |\n| | 1. Harbours sign their tables |\n";
  const checkedOff = `${told}\n### A02: Weak cryptography\n\n**Status:** addressed\n\n### A03: Injection\n\n**Status:** not applicable`;
  const others = "## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Flooded server | Requests are limited |\n";
  expect(threatsOf(mapping(told)).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
    ["Broken access control", "1. Harbours sign their tables"],
  ]);
  expect(threatsOf(`${mapping("Harbours sign their tables; see the chapter on keys.")}\n${others}`)).toHaveLength(1);
  expect(threatsOf(`${mapping(checkedOff)}\n\n${others}`)).toHaveLength(1);
});

test("a category with its answer nested under it keeps that answer", () => {
  const text = `# Ballots

## Threats

### Counting room

- **Spoofing**: A stranger wears the badge of a counter.
  - _Mitigation_: Badges carry a photograph that the guard compares.
- **Tampering**: A counter swaps a bundle of ballots.
  - _Mitigation_: Bundles are sealed and numbered.
- **Repudiation**: A counter denies having signed a sheet.
  - _Mitigation_: Sheets are signed before two witnesses.
`;
  expect(threatsOf(text)).toEqual([
    ["A stranger wears the badge of a counter.", "S", null, "Badges carry a photograph that the guard compares."],
    ["A counter swaps a bundle of ballots.", "T", null, "Bundles are sealed and numbered."],
    ["A counter denies having signed a sheet.", "R", null, "Sheets are signed before two witnesses."],
  ]);
});

test("one or two categories in a list are threats too where each has its answer under it", () => {
  const text = `# Ballots

## Admin abuse

- **Elevation of Privilege (clerk)**: A clerk opens the box before the count.
  - _Mitigation_: Boxes open with two keys only.
`;
  expect(threatsOf(text)).toEqual([
    ["A clerk opens the box before the count.", "E", null, "Boxes open with two keys only."],
  ]);
});

test("who attacks is no threat, in German either; a status may be a sign", () => {
  const text = `# Fahrradverleih

## 2. Angreifer-Profile

### A1: Beobachter

- **Fähigkeit**: liest den Funk mit
- **Mitigation**: Funk ist verschlüsselt
- **Status**: ✅

## 3. Bedrohungen

| Vektor | Angriff | Mitigation | Status |
|---|---|---|---|
| Mithören | Funk mitlesen | TLS 1.3 | ✅ |
| Wiederholen | Rückgabe wiederholen | Zähler je Schloss | ⚠️ |
`;
  expect(modelOf(text).threats.map(({ title, status }) => [title, status])).toEqual([
    ["Funk mitlesen", "mitigated"],
    ["Rückgabe wiederholen", "open"],
  ]);
});

test("an entry of a catalogue that is named like a category is one threat when a table of two columns tells its fields", () => {
  const text = `# Ferry bookings

## Threats

### F4: Denial of service by bookings

| | |
|---|---|
| **Threat** | Thousands of bookings for one crossing |
| **Impact** | High |
| **Mitigations** | |
| | 1. Bookings per visitor are limited |
`;
  expect(threatsOf(text)).toEqual([
    ["Denial of service by bookings", "D", "high", "1. Bookings per visitor are limited"],
  ]);
});

test("a sentence in a column of residual risks rates nothing", () => {
  const text = `# Ferry bookings

| Threat | Primary controls | Residual risk |
|---|---|---|
| Stolen badge | Badges expire each night | Nobody notices a lent badge |
| Altered log | Logs are kept ashore | Sailors can alter their own |
`;
  expect(modelOf(text).threats.map(({ riskStated }) => riskStated ?? null)).toEqual([null, null]);
  expect(states(text).risk).toBe("missing");
});

describe("what is done against the rows of a table, said below it", () => {
  const sections = (first: string, second: string): string => `# Beehive telemetry

## Passers-by

| Attack | Description |
|--------|-------------|
| Jamming | The radio of a hive is drowned out |
| Listening | Weights of hives are read from the air |

${first}

## Beekeepers

| Attack | Description |
|--------|-------------|
| Copied key | A beekeeper sells the key of the apiary |
| False weights | A beekeeper reports honey that is not there |

${second}
`;
  const first = "**Mitigations:**\n- Hives send again later\n- Frames are encrypted";
  const second = "**Mitigations:**\n- Keys are bound to one hive";

  test("is said of every row where each section does so", () => {
    expect(threatsOf(sections(first, second)).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
      ["Jamming", "Hives send again later Frames are encrypted"],
      ["Listening", "Hives send again later Frames are encrypted"],
      ["Copied key", "Keys are bound to one hive"],
      ["False weights", "Keys are bound to one hive"],
    ]);
  });

  test("one list in the whole document is tied to none", () => {
    expect(threatsOf(sections(first, "")).map(([, , , mitigation]) => mitigation)).toEqual([null, null, null, null]);
  });
});

test("a heading with a threat and a defence under it is a threat, also below the attack surfaces", () => {
  const text = `# Beehive telemetry

## Attack surfaces

### Radio layer

- **Surface**: frames between hives
- **Threat**: replayed frames show a full hive as empty
- **Defense**: frames carry a counter

### Storage layer

- **Surface**: the card inside a hive
- **Threat**: weights are altered while the hive is off
- **Defense**: records are chained by their digests
`;
  expect(threatsOf(text).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
    ["Radio layer", "frames carry a counter"],
    ["Storage layer", "records are chained by their digests"],
  ]);
});

test("a column of techniques names threats, and a status that goes on says what was done", () => {
  const text = `# Raffle contract

## Attack techniques by surface

| Technique (catalogue) | Where it applies | Status | Tracked in |
|---|---|---|---|
| Reentrancy (R5) | paying out a prize | Open (a price can move, nothing is stolen) | notes |
| Replayed signature | handing in a ticket | Mitigated via a number that each ticket carries once | notes |
`;
  expect(modelOf(text).threats.map(({ title, status, mitigation }) => [title, status, mitigation ?? null])).toEqual([
    ["Reentrancy (R5)", "open", null],
    ["Replayed signature", "mitigated", "a number that each ticket carries once"],
  ]);
});

describe("a table of risks and controls", () => {
  test("lists threats where its risks are told, not rated, and nothing else is listed", () => {
    const text = `# Tide tables

## First release

| Research risk | Control in this slice | Residual boundary |
| --- | --- | --- |
| K8 policy bypass | One path asks the policy before it answers. | New paths need tests. |
| K20 forged origin | Answers carry the digest of their source. | No signature is claimed. |
`;
    expect(threatsOf(text).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
      ["K8 policy bypass", "One path asks the policy before it answers."],
      ["K20 forged origin", "Answers carry the digest of their source."],
    ]);
    expect(states(text).controls).toBe("present");
  });

  test("sums up where threats are listed, in German too", () => {
    const text = `# Fahrradverleih

## Bedrohungen

| Bedrohung | Gegenmaßnahme |
|---|---|
| Gestohlenes Schloss | Schlösser melden sich jede Stunde |
| Gefälschte Rückgabe | Das Schloss bestätigt die Rückgabe |

## Offene Risiken

| Risiko | Schwere | Geplante Maßnahme | Termin |
|---|---|---|---|
| Funkloch in der Tiefgarage | HOCH | Zweiter Funkweg | Herbst |
| Alte Schlösser | NIEDRIG | Austausch | Winter |
`;
    expect(threatsOf(text).map(([title]) => title)).toEqual(["Gestohlenes Schloss", "Gefälschte Rückgabe"]);
  });
});

describe("tests named by the sections that they hold", () => {
  const boundary = (name: string, tested: string): string =>
    `### ${name}\n\nEvery request that crosses here is checked for who sent it.\n\n*Enforced by* \`src/${name}.ts\`.\n${tested}\n\n`;
  const document = (...sections: string[]): string => `# Archive\n\n## Trust boundaries\n\n${sections.join("")}`;

  test("are a validation plan when three sections name theirs", () => {
    const text = document(
      boundary("reader", "*Tested by* `src/reader.test.ts`."),
      boundary("stacks", "*Tested by* `tests/stacks.py`."),
      boundary("loans", "*Verified by* `src/loans.spec.ts`."),
    );
    expect(states(text).validation).toBe("present");
  });

  test("are not mentioned by what is out of scope", () => {
    const text = `# Archive\n\n## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Lost book | Books carry a chip |\n\n## Out of scope\n\n- The conformance test suite, which is not shipped\n`;
    expect(states(text).validation).toBe("missing");
  });

  test("are mentioned in general when one does", () => {
    const text = document(
      boundary("reader", "*Tested by* `src/reader.test.ts`."),
      boundary("stacks", ""),
      boundary("loans", ""),
    );
    expect(states(text).validation).toBe("partial");
  });
});

describe("flows", () => {
  test("are read from one column that leads from part to part", () => {
    const text = `# Parcel lockers

## Trust boundaries

- **Street**: whoever walks by
- **Depot**: staff with a badge

## Actions

| Action | Actors (from → to) | Data |
| --- | --- | --- |
| Hand in | Sender → locker → depot service | parcel number |
| Open | Recipient → locker | code |
`;
    const { flows, elements } = modelOf(text);
    expect(flows.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      "Sender > locker",
      "locker > depot service",
      "Recipient > locker",
    ]);
    expect(elements.map(({ name }) => name)).toEqual(["Sender", "locker", "depot service", "Recipient"]);
    expect(states(text).dfd).toBe("present");
  });

  test("drawn as lines of arrows between zones are a data flow diagram; without zones they are a drawing", () => {
    const drawn = (head: string): string => `# Parcel lockers

## Threats

| Threat | Mitigation |
|---|---|
| Guessed code | Three tries, then the locker waits |

## Trust boundaries

\`\`\`
${head}
Sender's order   ──►  Depot service  ──►  Locker
Recipient's code ──►  Locker         ──►  Door
\`\`\`
`;
    expect(states(drawn("Untrusted             Trust boundary        Trusted")).dfd).toBe("present");
    expect(states(drawn("Outside               Between               Inside")).dfd).toBe("partial");
  });
});

describe("who wrote a document and when", () => {
  const table = "## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Lost key | Keys are revoked within the hour |\n";

  test("a quarter is a date", () => {
    expect(modelOf(`# Locksmith\n\nDate: 2026-Q2\n\n${table}`).documentation.date?.text).toBe("2026-Q2");
  });

  test("who maintains the document owns it", () => {
    const filler = "A sentence about keys that fills the page.\n\n".repeat(20);
    const text = `# Locksmith\n\n${filler}${table}\n---\n\n*Maintained by: Key Office\nReview cadence: each release.*\n`;
    expect(modelOf(text).documentation.owner?.text).toBe("Key Office");
  });

  test("an author column that says how a revision came about names nobody", () => {
    const history =
      "## Revision history\n\n| Date | Author | Changes |\n|---|---|---|\n| 2026-03-04 | Generated | First version |\n| 2026-04-01 | Updated | More keys |\n";
    const { documentation } = modelOf(`# Locksmith\n\n${table}\n${history}`);
    expect(documentation.authors).toEqual([]);
    expect(documentation.date?.text).toBe("2026-04-01");
  });
});

describe("threats told in one place and summed up in another", () => {
  test("a heading that is nothing but a number takes its name from what is said under it, and the summary adds to it", () => {
    const told = ["CORE-001", "CORE-002", "RUN-001"]
      .map(
        (id, index) =>
          `#### **Threat ID: ${id}**\n\n- **Threat:** ${["A guest opens the kitchen door.", "A guest floods the sink.", "A waiter swaps two orders."][index]}\n- **STRIDE Category:** ${["Spoofing", "Denial of Service", "Tampering"][index]}\n- **Mitigation:** The door is locked at night.\n`,
      )
      .join("\n");
    const summary = `## Threat summary matrix

| Threat ID | Subsystem | Category | Threat Description | Severity | Likelihood |
|---|---|---|---|---|---|
| **CORE-001** | Kitchen | Spoofing | Kitchen door opened | High | Medium |
| **CORE-002** | Kitchen | DoS | Sink flooded by a guest | Low | Low |
| **RUN-001** | Hall | Tampering | Orders swapped | High | High |
`;
    const { threats } = modelOf(`# Canteen\n\n## Threats\n\n### Kitchen\n\n${told}\n${summary}`);
    expect(threats.map(({ id, title, risk }) => [id, title, risk])).toEqual([
      ["CORE-001", "A guest opens the kitchen door.", "high"],
      ["CORE-002", "A guest floods the sink.", "low"],
      ["RUN-001", "A waiter swaps two orders.", "high"],
    ]);
  });

  test("a matrix of controls that says one threat in other words adds none", () => {
    const names = [
      "Replay attack",
      "Swapped trays",
      "Rating manipulation",
      "Clock manipulation",
      "Signature forgery",
      "Kitchen compromise",
    ];
    const told = names
      .map(
        (name) => `### ${name}\n\n**Threat:** a guest does it at noon.\n\n**Mitigations:**\n- The cook looks twice\n`,
      )
      .join("\n");
    const rows = ["Replay", "Swapped", "Rating manipulation", "Noon gaming", "Signature forgery", "Kitchen compromise"]
      .map((name) => `| ${name} | The cook looks twice | The waiter asks |`)
      .join("\n");
    const matrix = `## Security controls matrix\n\n| Threat | Kitchen control | Hall control |\n|---|---|---|\n${rows}\n`;
    expect(modelOf(`# Canteen\n\n## Threat analysis\n\n${told}\n${matrix}`).threats.map(({ title }) => title)).toEqual(
      names,
    );
  });

  test("kinds of attacks with examples under one heading are not a threat", () => {
    const text = `# Canteen

## Attack vectors

### Primary attack vectors

1. **Kitchen attacks**
   - Salted soup
   - Locked oven
2. **Hall attacks**
   - Swapped trays
   - Lost orders
   - DDoS amplification
3. **Street attacks**
   - Blocked door

## STRIDE analysis

### Spoofing threats

| Threat ID | Description | Impact | Likelihood |
|---|---|---|---|
| T-S1 | A guest poses as a cook | High | Low |
`;
    expect(modelOf(text).threats.map(({ title }) => title)).toEqual(["A guest poses as a cook"]);
  });
});

test("an item that begins with a category and says more is a threat with the answer under it", () => {
  const text = `# Canteen

## Highest-risk abuse cases

1. Menu read by strangers
   - Causes: an open window.
   - Required mitigations:
     - A curtain hides the wall.
2. Privilege escalation in roles
   - Causes: a cook's hat lies about.
   - Required mitigations:
     - Hats are counted.
`;
  expect(threatsOf(text).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
    ["Menu read by strangers", "A curtain hides the wall."],
    ["Privilege escalation in roles", "Hats are counted."],
  ]);
  expect(states(text).context).toBe("missing");
});

test("a register in Russian is rated, and one in French as well", () => {
  const russian = `# Столовая

## Реестр рисков

| ID | Риск | Вероятность | Влияние | Уровень |
|---|---|---|---|---|
| R-001 | Подмена заказа | Средняя | Высокое | Высокий |
| R-002 | Потеря меню | Низкая | Низкое | Низкий |
`;
  expect(modelOf(russian).threats.map(({ id, impact, likelihood }) => [id, impact, likelihood])).toEqual([
    ["R-001", "high", "medium"],
    ["R-002", "low", "low"],
  ]);
  const french = `# Cantine

## Menaces

| Menace | Gravité | Parade |
|---|---|---|
| Commande échangée | Élevée | Le cuisinier vérifie |
| Menu perdu | Faible | Une copie au mur |
| Four bloqué | Moyenne | Deux fours |
`;
  expect(modelOf(french).threats.map(({ risk }) => risk)).toEqual(["high", "low", "medium"]);
});

test("a column of threats in something, and one of enforceable checks", () => {
  const text = `# Canteen

| STRIDE | Element | Threat in this canteen | Enforceable check(s) |
|---|---|---|---|
| Spoofing | Door | A stranger eats as a member | Cards are read at the door |
| Tampering | Menu | A price is changed by hand | Prices are printed |
`;
  expect(threatsOf(text).map(([title, stride, , mitigation]) => [title, stride, mitigation])).toEqual([
    ["A stranger eats as a member", "S", "Cards are read at the door"],
    ["A price is changed by hand", "T", "Prices are printed"],
  ]);
});

test("a scope of one line is the context beside assets and boundaries", () => {
  const document = (scope: string): string =>
    `# Canteen doors\n\n## Scope\n\n${scope}\n\n## Assets\n\n- Cards of members\n- Keys of the kitchen\n- Menu of the week\n\n## Trust boundaries\n\n- Street to hall, through the door\n- Hall to kitchen, through the hatch\n\n## Threats\n\n| Threat | Control |\n|---|---|\n| Lent card | Tests assert that a card opens once |\n`;
  const told = states(document("Opening hours, cards, the hatch, orders and what the doors write down."));
  expect([told.context, told.validation]).toEqual(["present", "partial"]);
  expect(states(document("The doors.")).context).toBe("partial");
});

test("a version in the title is the document's", () => {
  const text = "# Canteen: threat model (v2)\n\n| Threat | Control |\n|---|---|\n| Lent card | A card opens once |\n";
  expect(modelOf(text).documentation.version?.text).toBe("2");
});

test("broken access control is what goes wrong, not what is done", () => {
  const text =
    "# Canteen\n\n## Threats\n\n### A1: Broken access control\n\nA waiter reads the wages of the cooks in the common drawer.\n\n**Impact**: High\n";
  expect(modelOf(text).threats.map(({ id, title }) => [id, title])).toEqual([["A1", "Broken access control"]]);
});

describe("headings that are each answered", () => {
  const flat = (name: string, ...answers: readonly string[]): string =>
    `## ${name}\n\n- Mitigations:\n${answers.map((answer) => `- ${answer}`).join("\n")}\n`;
  const document = (...sections: readonly string[]): string => `# Ferry login\n\n${sections.join("\n")}`;

  test("are threats from three on, and the items after a field in a flat list stand under it", () => {
    const text = document(
      `${flat("Token theft", "Tokens live for a minute.", "Tokens are hashed ashore.")}- Residual risk:\n- A thief may be quick.\n`,
      flat("Replayed crossing", "Each crossing has a number."),
      flat("Guessed code", "Three wrong codes close the gate."),
      flat("Badge spoofing and unusual hours at the gate", "The gate knows the hours of each badge."),
    );
    expect(threatsOf(text).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
      ["Token theft", "Tokens live for a minute. Tokens are hashed ashore."],
      ["Replayed crossing", "Each crossing has a number."],
      ["Guessed code", "Three wrong codes close the gate."],
      ["Badge spoofing and unusual hours at the gate", "The gate knows the hours of each badge."],
    ]);
    expect(states(text).controls).toBe("present");
  });

  test("are parts of the system where they list their threats beside their controls", () => {
    const part = (name: string): string => `### ${name}\n\n- **Control**: guards at both ends.\n- **Data**: names.\n\n`;
    const text = document(
      `## Control families\n\n${part("Gangway")}${part("Ticket office")}${part("Engine room")}`,
      "## Threats\n\n| Threat | Mitigation |\n|---|---|\n| Copied gate key | Keys are numbered |\n",
    );
    expect(modelOf(text).threats.map(({ title }) => title)).toEqual(["Copied gate key"]);
  });
});

test("an inventory of assets that names what threatens each lists no threats", () => {
  const text = `# Ferry login

## Asset inventory

| Asset | Why it matters | Primary threats |
|---|---|---|
| Crossing log | Says who crossed | tampering, deletion |
| Gate key | Opens the gate | theft, copies |

## Top threats

| Threat | Mitigation |
|---|---|
| Copied gate key | Keys are numbered |
`;
  expect(modelOf(text).threats.map(({ title }) => title)).toEqual(["Copied gate key"]);
});

test("a column of detections answers, as controls in French and lowered risks in Russian do", () => {
  const detected = `# Letters

## Input vectors

| Vector | Technique | Detection |
|---|---|---|
| Envelope | Ink that cannot be seen | Lamp |
| Stamp | Message under the stamp | Steam |
`;
  expect(threatsOf(detected).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
    ["Ink that cannot be seen", "Lamp"],
    ["Message under the stamp", "Steam"],
  ]);
  const french = `# Courrier

## Menaces principales et contrôles

### Lettre échangée

Un facteur échange deux lettres avant la tournée.

Contrôles : les lettres portent un numéro et une signature.

### Timbre copié

Un expéditeur copie le timbre d'une autre lettre.

Contrôles : chaque timbre est lu une seule fois.

## Cas d'abus d'acceptation

- une lettre sans timbre n'est pas portée ;
- une lettre ouverte est signalée au guichet.
`;
  expect(threatsOf(french).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
    ["Lettre échangée", "les lettres portent un numéro et une signature."],
    ["Timbre copié", "chaque timbre est lu une seule fois."],
  ]);
  expect(states(french).stories).toBe("partial");
  const russian = `# Почта

| Угроза | Реализованное снижение риска | Действие |
|---|---|---|
| Подмена письма | Номер и подпись на каждом письме | Проверить |
| Копия марки | Марка читается один раз | Нет |
`;
  expect(threatsOf(russian).map(([title, , , mitigation]) => [title, mitigation])).toEqual([
    ["Подмена письма", "Номер и подпись на каждом письме"],
    ["Копия марки", "Марка читается один раз"],
  ]);
});

test("a summary of residual risks is no rating", () => {
  const text =
    "# Letters\n\n## Threats\n\n| Threat | Control |\n|---|---|\n| Opened letter | Wax seals |\n\n## Residual risk summary\n\nA seal can be copied by a patient thief with good wax.\n";
  expect(states(text).risk).toBe("missing");
});
