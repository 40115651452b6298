/*
 * The words of a threat model in the languages in which teams write them beside English: German, French, Spanish,
 * Portuguese, Italian, Dutch, Polish, Czech, Russian, Ukrainian, Turkish, Vietnamese, Indonesian, Chinese, Japanese,
 * Korean. Stems, because headings and headers decline.
 * Used only on headings, labels and headers, never on running text.
 */

/** What a word in a heading, a label or a header speaks of. */
export type Concept =
  | "threat"
  | "mitigation"
  | "impact"
  | "likelihood"
  | "risk"
  | "status"
  | "element"
  | "description"
  | "asset"
  | "scope"
  | "overview"
  | "user"
  | "boundary"
  | "flow"
  | "architecture"
  | "test"
  | "requirement"
  | "date"
  | "author"
  | "other";

const stems: Readonly<Record<Concept, RegExp>> = {
  threat:
    /bedrohung|angriff|missbrauchsf|schwachstell|amenaza|amea[cç]a|menace|attaque|minacci|attacchi|dreiging|aanval|zagro[zż]e|угроз|загроз|hrozb|tehdit|sald[ıi]r[ıi]|m[oố]i đe d[oọ]a|t[aấ]n c[oô]ng|ancaman|serangan|威胁|威脅|攻击|攻擊|脅威|攻撃|위협|공격/i,
  mitigation:
    /gegenma(ß|ss)nahm|schutzma(ß|ss)nahm|sicherheitsma(ß|ss)nahm|minderung|abwehr|mitigaci[oó]n|contramedida|controles|contr[oô]les?\b|reducci[oó]n del? riesgo|r[eé]duction d[ue]s? risques?|redu[cç][aã]o d[eo] riscos?|mitiga[cç]|contre-?mesure|att[eé]nuation|rem[eé]diation|mesures? (de|en place)|parade|contromisur|mitigazion|maatregel|[śs]rodki zaradcze|контрмер|заходи|opat[rř]en|[oö]nlem|azalt[ıi]m|bi[eệ]n ph[aá]p|gi[aả]m thi[eể]u|mitigasi|penanggulangan|снижени|меры|защит|缓解|对策|防护|対策|緩和|대응|완화/i,
  impact:
    /auswirkung|schaden|impacto|cons[eé]quence|impatto|gevolg|skutk|последстви|наслідк|dopad|etki(si|ler)?$|[aả]nh h[uư][oở]ng|t[aá]c đ[oộ]ng|dampak|влияни|影响|影響|영향/i,
  likelihood:
    /wahrscheinlichkeit|probabilidad|probabilit[eéà]|vraisemblance|waarschijnlijk|prawdopodob|вероятност|ймовірн|pravd[eě]podobn|olas[ıi]l[ıi]k|kh[aả] n[aă]ng x[aả]y ra|kemungkinan|可能性|概率|발생 ?가능성/i,
  risk: /risiko|risiken|riesgo|\briscos?\b|\brisques?\b|rischi|ryzyk|риск|ризик|rizik|r[uủ]i ro|风险|リスク|위험|severidad|schwere(grad)?\b|gravit[eéà]/i,
  status: /^zustand$|^estado$|^[eé]tat$|^statut$|^stato$|^situa[cç][aã]o$|статус|状态|状態|상태/i,
  element:
    /komponente|betroffen|\bziel\b|composant|componente|activo afectado|cible|компонент|组件|对象|コンポーネント|구성 ?요소/i,
  description: /beschreibung|descripci[oó]n|descri[cç][aã]o|descrizione|omschrijving|opis|описани|描述|説明|설명/i,
  asset:
    /schutzg[uü]ter|schutzwerte|schutzziele|\bactivos\b|\bativos\b|\bactifs\b|biens [aà] prot[eé]ger|актив|varl[ıi]klar|t[aà]i s[aả]n|\baset\b|资产|資産|자산/i,
  scope:
    /geltungsbereich|umfang|abgrenzung|annahmen|alcance|supuestos|[âa]mbito|escopo|p[eé]rim[eè]tre|hypoth[eè]ses|ambito|zakres|област|допущени|范围|假设|範囲|범위/i,
  overview:
    /überblick|übersicht|einleitung|einführung|systembeschreibung|resumen|introducci[oó]n|visi[oó]n general|^pr[eé]sentation\b|aperçu|visão geral|introdução|panoramica|обзор|введение|概述|概要|简介|はじめに|개요|소개/i,
  user: /akteure|benutzer|nutzer|\brollen\b|actores|usuarios|usu[aá]rios|atores|acteurs|utilisateurs|attori|utenti|пользовател|\bроли\b|用户|角色|利用者|사용자/i,
  boundary:
    /vertrauensgrenz|l[ií]mites? de confianza|frontera|limites? de confian[cç]a|fronti[eè]res? de confiance|confini di fiducia|границ[а-я]* довери|信任边界|信頼境界|신뢰 ?경계/i,
  flow: /datenfl[uü]ss|flujos? de datos|flux de donn[eé]es|fluxos? de dados|flussi? di dati|поток[а-я]* данн|数据流|データフロー|데이터 ?흐름/i,
  architecture: /architektur|arquitectura|arquitetura|architettura|архитектур|架构|アーキテクチャ|아키텍처/i,
  test: /überprüfung|prüfung|\btests?\b|prueba|validaci[oó]n|valida[cç][aã]o|v[eé]rification|verifica|проверк|测试|验证|検証|검증/i,
  requirement: /anforderung|requisito|exigence|требовани|需求|要件|요구/i,
  date: /^(datum|fecha|data|stand|дата|日期|日付|날짜)$|letzte (aktualisierung|änderung)|[uú]ltima (actualizaci[oó]n|atualiza[cç][aã]o)|derni[eè]re mise [aà] jour/i,
  author: /^(autor(es|en|in)?|auteurs?|verfasser(in)?|ersteller|erstellt von|responsable|автор|作者|작성자)$/i,
  other:
    /fazit|zusammenfassung|conclusi[oó]n|conclus[aã]o|glossar|glosario|referenc|verweise|quellen|вывод|заключени|结论|結論|결론|außerhalb|fuera de|hors p[eé]rim|fora d[eo]/i,
};

/** Whether a heading, label or header speaks of the concept in one of the languages. */
export function speaksOf(concept: Concept, text: string): boolean {
  return stems[concept].test(text);
}
