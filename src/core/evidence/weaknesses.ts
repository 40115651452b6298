/*
 * Weaknesses by their numbers in MITRE's Common Weakness Enumeration (https://cwe.mitre.org). Tools write them in many
 * ways: `external/cwe/cwe-089` (CodeQL), `CWE-89: Improper Neutralization …` (Semgrep), `CWE-89`, `cwe-89`.
 */

/** Characters of one text that are searched. */
const longest = 4_000;

/** The weaknesses that a text names, each once, as `CWE-89`. */
export function weaknessesIn(text: string): string[] {
  const found = new Set<string>();
  for (const [, number = ""] of text.slice(0, longest).matchAll(/(?<![a-z0-9])cwe[-_ /]?0{0,4}([1-9]\d{0,4})(?!\d)/gi))
    found.add(`CWE-${number}`);
  return [...found];
}

/**
 * Scanners and models name one matter on different levels: a model the class, a tool a kind of it. These are the direct
 * kinds (ChildOf, view 1000 of CWE 4.15) of the weaknesses that the library names, and of a few classes above them.
 */
const kinds: Readonly<Record<number, readonly number[]>> = {
  22: [23, 36],
  74: [75, 77, 79, 91, 93, 94, 99, 943, 1236],
  77: [78, 88, 624, 917],
  79: [80, 81, 83, 84, 85, 86, 87],
  89: [564],
  93: [113],
  94: [95, 96, 1336],
  200: [201, 203, 209, 213, 215, 359, 497, 538, 1258, 1273, 1295],
  201: [598],
  209: [210, 211, 550],
  212: [226, 1258],
  223: [778],
  266: [9, 520, 556, 1022],
  285: [552, 732, 862, 863, 926, 927, 1230, 1256, 1297, 1328],
  287: [295, 306, 645, 1390],
  288: [425, 1299],
  290: [291, 293, 350],
  295: [296, 297, 298, 299, 599],
  306: [288, 322],
  311: [312, 319],
  312: [313, 314, 315, 316, 317, 318, 526],
  319: [5, 614],
  326: [328],
  327: [328, 780, 1240],
  330: [331, 334, 335, 338, 340, 344, 1204, 1241],
  331: [332, 333],
  345: [346, 347, 348, 349, 351, 352, 353, 354, 360, 494, 616, 646, 649, 924, 1293],
  346: [940, 1385],
  362: [364, 366, 367, 368, 421, 689, 1223, 1298],
  400: [405, 770, 771, 779, 920, 1235, 1246],
  441: [918, 1021],
  459: [226, 460, 568],
  489: [11],
  497: [214, 548],
  506: [507, 510, 511, 512],
  522: [256, 257, 260, 261, 523, 549],
  524: [525],
  538: [532, 540, 651],
  540: [531, 541, 615],
  552: [219, 220, 527, 528, 529, 530, 539, 553],
  602: [565, 603],
  610: [15, 73, 384, 441, 470, 601, 611],
  636: [455],
  639: [566],
  653: [1189, 1331],
  654: [308, 309],
  667: [412, 413, 414, 609, 764, 765, 832, 833, 1232, 1233, 1234],
  668: [
    8, 22, 134, 200, 374, 375, 377, 402, 427, 428, 488, 491, 492, 493, 498, 499, 522, 524, 552, 582, 583, 608, 642, 732,
    767, 927, 1189, 1282, 1327, 1331,
  ],
  672: [298, 324, 613, 825, 910],
  674: [776],
  706: [22, 41, 59, 66, 98, 178, 386, 827],
  732: [276, 277, 278, 279, 281, 766, 1004],
  749: [618, 782],
  754: [252, 253, 273, 354, 391, 394, 476],
  770: [774, 789, 1325],
  772: [401, 775, 1091],
  798: [259, 321],
  799: [307, 837],
  807: [302, 350, 784],
  829: [98, 827, 830],
  862: [425, 638, 939, 1314],
  863: [551, 639, 647, 804, 942, 1244],
  915: [1321],
  916: [759, 760],
  922: [312, 921],
  923: [291, 297, 300, 419, 420, 940, 941, 942, 1275],
  943: [89, 90, 643, 652],
  1188: [453],
  1220: [1222],
  1329: [1277, 1310],
  1357: [1104, 1329],
  1391: [521, 798, 1392],
  1392: [1393, 1394],
};

/** Those of `one` that stand in `other`, themselves, or as a direct kind or class of something there. */
export function sharedWeaknesses(one: readonly string[], other: readonly string[]): string[] {
  return one.filter((weakness) => other.some((known) => isSameMatter(numberOf(weakness), numberOf(known))));
}

function numberOf(weakness: string): number {
  return Number(weakness.slice("CWE-".length));
}

function isSameMatter(one: number, other: number): boolean {
  return one === other || (kinds[one]?.includes(other) ?? false) || (kinds[other]?.includes(one) ?? false);
}
