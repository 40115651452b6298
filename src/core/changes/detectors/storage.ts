import type { CodeLine } from "../code-line.ts";
import { accessColumnWords, personalWords, secretColumnWords } from "../data-words.ts";
import type { Detector, Sighting } from "../detector.ts";
import type { InspectedFile } from "../inspected-file.ts";
import type { Language } from "../language.ts";
import { phraseOf } from "../words.ts";

/*
 * Tables and columns, in migrations and in the classes that ORMs map: what is newly stored. A column matters when its
 * name says that it holds personal data, a secret or a decision about access.
 */

interface Form {
  readonly languages: readonly Language[];
  readonly files?: RegExp;
  readonly pattern: RegExp;
}

const migration = /migrat|schema|\/db\/|liquibase|flyway|changelog|alembic/i;

const tables: readonly Form[] = [
  {
    languages: ["sql", "javascript", "python", "go", "java", "kotlin", "php", "rust", "ruby"],
    pattern:
      /\bcreate\s+(?:unlogged\s+|temp\w*\s+)?table\s+(?:if\s+not\s+exists\s+)?["'`[]?(?:\w+["'`\]]?\.["'`[]?)?(\w+)/i,
  },
  { languages: ["ruby"], pattern: /^create_table\s*\(?\s*[:"'](\w+)/ },
  {
    languages: ["python"],
    pattern: /\bmigrations\.CreateModel\(|^__tablename__\s*=\s*["'](\w+)|\bop\.create_table\(\s*["']?(\w*)/,
  },
  { languages: ["php"], pattern: /\bSchema::create\(\s*['"](\w+)/ },
  { languages: ["csharp"], pattern: /\bmigrationBuilder\.CreateTable\(|\bDbSet<(\w+)>/ },
  { languages: ["java", "kotlin"], pattern: /^@Table\(.*?name\s*=\s*"(\w+)"/ },
  { languages: ["prisma"], pattern: /^model\s+(\w+)\s*\{/ },
  {
    languages: ["javascript"],
    files: /entit|model|schema/i,
    pattern:
      /^@Entity\(|\b(?:pgTable|mysqlTable|sqliteTable)\(\s*["'](\w+)|\bcreateTable\(\s*["'](\w+)|\bmongoose\.model\(\s*["'](\w+)/,
  },
  { languages: ["rust"], files: /schema/, pattern: /^(\w+)\s*\([\w,\s]+\)\s*\{$/ },
  { languages: ["xml", "yaml"], files: migration, pattern: /createTable.*tableName[=:]\s*"?(\w+)|^-?\s*createTable:/ },
];

const columns: readonly Form[] = [
  {
    languages: ["sql", "javascript", "python", "go", "java", "kotlin", "php", "rust"],
    pattern:
      /\badd\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?["'`[]?(?!constraint\b|primary\b|foreign\b|unique\b|index\b|key\b|check\b|value\b)(\w+)["'`\]]?\s+(?:"?char|varchar|text|int|bigint|smallint|bool|timestamp|date|json|uuid|bytea|blob|decimal|numeric|double|real|datetime|nvarchar|bit|tinyint|enum|citext|inet)/i,
  },
  {
    languages: ["sql"],
    pattern:
      /^["'`[]?(?!constraint\b|primary\b|foreign\b|unique\b|index\b|key\b|check\b)(\w+)["'`\]]?\s+(?:"?char|varchar|text|int|bigint|smallint|serial|bool|timestamp|date|json|uuid|bytea|blob|decimal|numeric|double|real|datetime|nvarchar|bit|tinyint|enum|citext|inet|\w+_enum|"\w+")\b/i,
  },
  {
    languages: ["ruby"],
    files: /migrat|schema/,
    pattern:
      /^(?:add_column\s*\(?\s*:\w+\s*,\s*:(\w+)|t\.(?:string|text|integer|boolean|datetime|date|json|jsonb|binary|uuid|inet|references|belongs_to|column|timestamp)\s*\(?\s*[:"'](\w+))/,
  },
  {
    languages: ["python"],
    pattern:
      /^(\w+)\s*(?::\s*[^=]{1,80})?=\s*(?:\w+\.)?(?:\w*Field|ForeignKey|OneToOneField|ManyToManyField|Column|mapped_column|relationship)\(/,
  },
  {
    languages: ["python"],
    files: migration,
    pattern:
      /\bsa\.Column\(\s*["'](\w+)|\bop\.add_column\(.*Column\(\s*["'](\w+)|\bname=["'](\w+)["'],\s*field=|^name=["'](\w+)["'],?$/,
  },
  {
    languages: ["php"],
    files: /entit|model/i,
    pattern: /^(?:private|protected|public)\s+\??\\?[\w\\|]{1,60}\s+\$(\w+)\s*(?:;|=)/,
  },
  { languages: ["xml"], files: migration, pattern: /<column\b[^>]{0,200}\bname="(\w+)"/ },
  { languages: ["yaml"], files: migration, pattern: /^name:\s*["']?(\w+)["']?$/ },
  {
    languages: ["javascript"],
    files: migration,
    pattern:
      /\baddColumn\(\s*["'`][\w.]{1,80}["'`],\s*(?:\{\s*name:\s*)?["'`](\w+)|\b(?:table|t)\.(?:string|text|integer|boolean|timestamp|date|dateTime|json|jsonb|binary|uuid|enu|enum|specificType|inet)\(\s*["'`](\w+)/,
  },
  {
    languages: ["php"],
    files: migration,
    pattern:
      /\$table->(?:string|text|integer|boolean|timestamp|date|dateTime|json|jsonb|binary|uuid|foreignId|unsignedBigInteger|unsignedInteger|enum|longText|mediumText|char|ipAddress|foreignUuid|ulid)\(\s*['"](\w+)/,
  },
  {
    languages: ["csharp"],
    files: /(?<!View)Models?\/|Entit|DataStore|Data\/|Migrations?\//,
    pattern:
      /^public\s+(?:required\s+|virtual\s+)?[\w<>?[\],. ]{1,80}\s+(\w+)\s*\{\s*get;|\bAddColumn<[^>]{1,40}>\(\s*(?:name:\s*)?"(\w+)"|^(\w+)\s*=\s*table\.Column</,
  },
  {
    languages: ["java", "kotlin"],
    files: /entit|\/model\/|\/domain\/|persistence|jpa/i,
    pattern:
      /^(?:@\w+(?:\([^)]{0,80}\))?\s*)*(?:(?:private|protected|public|final|lateinit|override)\s+)*(?:va[lr]\s+(\w+)\s*:|[A-Z][\w<>, ]{1,60}\s+(\w+)\s*(?:;|=))/,
  },
  { languages: ["java", "kotlin"], pattern: /^@Column\([^)]{0,120}\bname\s*=\s*"(\w+)"/ },
  {
    languages: ["prisma"],
    pattern: /^(\w+)\s+(?:String|Int|Boolean|DateTime|Json|Bytes|BigInt|Decimal|Float|[A-Z]\w+)\b/,
  },
  {
    languages: ["javascript"],
    files: /entit|model|schema|migrat/i,
    pattern:
      /^(?:public\s+|readonly\s+)?(\w+)[!?]?\s*:\s*(?:string|number|boolean|Date|text\(|varchar\(|boolean\(|timestamp\(|\{\s*type:)/,
  },
  {
    languages: ["rust"],
    files: /schema|models?\//,
    pattern:
      /^(?:pub\s+)?(\w+)\s*(?:->|:)\s*(?:Text|Nullable<|Bool|Timestamp|String|Option<|bool|NaiveDateTime|Binary)/,
  },
  // Ent and SeaORM: https://entgo.io/docs/schema-fields, https://www.sea-ql.org/SeaORM/docs/migration/writing-migration/
  { languages: ["go"], files: /schema/, pattern: /^field\.\w+\(\s*"(\w+)"/ },
  { languages: ["rust"], files: migration, pattern: /\bColumnDef::new\(\s*\w+::(\w+)/ },
  { languages: ["go"], files: /store|model|schema|entit/i, pattern: /^([A-Z]\w*)\s+\*?[\w.[\]]+(?:\s+`[^`]*`)?$/ },
];

/** A field of a description of what is taken in or handed on: Joi, Zod, Yup, Valibot, TypeBox, Superstruct, marshmallow, Pydantic. */
const described: readonly Form[] = [
  {
    languages: ["javascript"],
    pattern: /^["']?(\w+)["']?\??:\s*(?:Joi|joi|z|yup|Yup|v|Type|T|s|superstruct|valibot)\.\w+\(/,
  },
  {
    languages: ["python"],
    pattern: /^(\w+)\s*(?::\s*[^=]{1,80})?=\s*(?:\w+\.)?(?:fields\.\w+|Field|EmailStr|constr)\(/,
  },
  {
    languages: ["python"],
    files: /schema|serializ|models?|dto|types|payload/i,
    pattern: /^(\w+):\s*(?:Optional\[)?(?:str|EmailStr|date|constr\(|datetime)\b/,
  },
];
/** What every form asks for, or what is another thing in most systems that are not about health: it says too little. */
const askedEverywhere = /^ (?:(?:\w{1,30} )?e ?mail(?: address)?|user agent|patient|street|medical) $/;

function nameOn(forms: readonly Form[], line: CodeLine, file: InspectedFile): string | undefined {
  for (const { languages, files, pattern } of forms) {
    if (!languages.includes(file.language) || (files && !files.test(file.path))) continue;
    const found = pattern.exec(line.code);
    if (found) return found.slice(1).find((group) => group !== undefined && group !== "") ?? "";
  }
  return undefined;
}

/** A number of a record, written so that it can stand in an address: `HashedOrderId`. */
const shortenedId = /\bhashed (?:\w{1,30} ){0,4}id\b/;
/** Names that decide about access only when they are the whole name: `admin`, not `admin_note_id`. */
const accessColumn =
  /^ (?:is )?(admin|(?:\w{1,30} )?administrator|public|private|shared|superuser|revoked|suspended|locked|banned|blocked|verified|approved|staff) $/;

/** Whether people are told of something decides on nothing. */
const ofMessage = / (?:notification|reminder|alert)s? $/;

/** Whom or what a credential belongs to, as a column of the table that keeps credentials says. */
function ofCredential(code: string, phrase: string): string | undefined {
  const table = /^alter\s+table\s+(?:only\s+)?(?:if\s+exists\s+)?["'`[]?(\w{2,80})/i.exec(code)?.[1];
  if (table === undefined || secretColumnWords(phraseOf(table)) === undefined) return undefined;
  return / (user|account|owner|member|project|team|tenant|organi[sz]ation|group|client) id /.exec(phrase)?.[1];
}

/** A schema dump repeats what a migration says; the migration is the better place. */
const schemaDump = /(^|\/)(db\/schema\.rb|structure\.sql|schema\.sql|schema\.rs)$/;

const migrationFile = /\.sql$|migrations?\//;

/** A column so few lines below its table would be the same conversation. */
const sameTable = 5;

/** Tables that a migration moves out of the way, and makes again under their name: SQLite changes columns so. https://sqlite.org/lang_altertable.html */
function remadeTables(file: InspectedFile): ReadonlySet<string> {
  const names = new Set<string>();
  if (file.language !== "sql") return names;
  for (const { code } of file.allAdded) {
    const name = /^alter\s+table\s+["'`[]?(\w{1,80})["'`\]]?\s+rename\s+to\b/i.exec(code)?.[1];
    if (name !== undefined) names.add(name);
  }
  return names;
}

/** Annotations that come above a class or field that stands: what was mapped elsewhere, or by its own name, is mapped here now. */
function marksOfWhatStands(file: InspectedFile): ReadonlySet<CodeLine> {
  const found = new Set<CodeLine>();
  if (file.language !== "java" && file.language !== "kotlin") return found;
  for (const { lines } of file.hunks) {
    let above: CodeLine[] = [];
    for (const line of lines) {
      if (line.kind === "removed" || line.code === "") continue;
      if (line.code.startsWith("@")) {
        if (line.kind === "added") above.push(line);
        continue;
      }
      if (line.kind === "context") for (const mark of above) found.add(mark);
      above = [];
    }
  }
  return found;
}

function inspectFile(file: InspectedFile, gone: ReadonlySet<string>, isMigrated: boolean): Sighting[] {
  if (file.role !== "production" || (isMigrated && schemaDump.test(file.path))) return [];
  const found: Sighting[] = [];
  const isDown = /(^|\/)down\.sql$|\.down\.sql$|rollback/i.test(file.path);
  if (isDown) return found;
  /** The table whose columns are being read: what it holds is worth more words than that it is there. */
  let table: { readonly at: number; readonly line: number } | undefined;
  const see = (what: string, line: CodeLine, name: string, attributes: Record<string, string> = {}): void => {
    if (line.newLine === undefined) return;
    found.push({ what, path: file.path, line: line.newLine, name, attributes, evidence: line.text });
    if (what === "table-added") {
      table = { at: found.length - 1, line: line.newLine };
      return;
    }
    const stated = table && found[table.at];
    if (!table || !stated || line.newLine - table.line > sameTable || what === "access-column-added") return;
    found[table.at] = { ...stated, confidence: "low" };
    table = undefined;
  };
  const remade = remadeTables(file);
  const mapped = marksOfWhatStands(file);
  for (const line of file.added) {
    if (line.isImport || mapped.has(line) || /^(drop|alter\s+table\s+\S+\s+drop|rename)/i.test(line.code)) continue;
    const made = nameOn(tables, line, file);
    if (made !== undefined) {
      if (/\bas\s+select\b/i.test(line.code)) continue;
      if (/^temp|_temp$|_new$|_old$|^new_|^old_|_backup$/i.test(made) || gone.has(`table ${made}`) || remade.has(made))
        continue;
      const name = made === "" ? file.path.slice(file.path.lastIndexOf("/") + 1) : made;
      see("table-added", line, name);
      continue;
    }
    const column = nameOn(columns, line, file);
    const field = column === undefined ? nameOn(described, line, file) : undefined;
    if (field !== undefined && !gone.has(`column ${field.toLowerCase()}`)) {
      const phrase = phraseOf(field);
      const personal = askedEverywhere.test(phrase) ? undefined : personalWords(phrase);
      if (personal !== undefined) see("personal-field-added", line, field, { word: personal });
    }
    if (column === undefined || gone.has(`column ${column.toLowerCase()}`)) continue;
    const phrase = phraseOf(column);
    const isMigration = migration.test(file.path) || file.language === "sql" || file.language === "prisma";
    const secret = shortenedId.test(phrase) ? undefined : secretColumnWords(phrase);
    if (secret !== undefined)
      see("secret-column-added", line, column, { word: secret, from: isMigration ? "migration" : "model" });
    else {
      const personal = personalWords(phrase);
      if (personal !== undefined) see("personal-column-added", line, column, { word: personal });
      else {
        const access = ofMessage.test(phrase)
          ? undefined
          : (accessColumnWords(phrase) ?? accessColumn.exec(phrase)?.[1] ?? ofCredential(line.code, phrase));
        if (access !== undefined) see("access-column-added", line, column, { word: access });
      }
    }
  }
  return found;
}

export const detector: Detector = {
  name: "storage",
  sees: ["table-added", "secret-column-added", "personal-column-added", "personal-field-added", "access-column-added"],
  inspect(files) {
    const gone = new Set<string>();
    for (const file of files) {
      if (file.role !== "production") continue;
      for (const line of file.removed) {
        const table = nameOn(tables, line, file);
        if (table) gone.add(`table ${table}`);
        const column = nameOn(columns, line, file);
        const name = column ?? nameOn(described, line, file);
        if (name) gone.add(`column ${name.toLowerCase()}`);
        // An annotation alone declared it: https://docs.sqlalchemy.org/en/20/orm/declarative_tables.html
        const annotated = file.language === "python" ? /^(\w+)\s*:\s*Mapped\b/.exec(line.code)?.[1] : undefined;
        if (annotated !== undefined) gone.add(`column ${annotated.toLowerCase()}`);
      }
    }
    // Where no migration comes with it, the dump is all there is.
    const isMigrated =
      !files.some(({ path }) => path.endsWith("schema.rs")) || files.some(({ path }) => migrationFile.test(path));
    return files.flatMap((file) => inspectFile(file, gone, isMigrated));
  },
};
