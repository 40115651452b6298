import type { ElementKind } from "../domain/stride.ts";

/** What kind of symbol a name stands for, where the format draws all alike: a store or an outsider by its words. */
export function kindByName(written: string): ElementKind {
  // Of a name in code, such as `Shop.External.Mailer`, the last part says what it is.
  const name = written.replace(/\b(?:[A-Z]\w{0,60}\.){1,6}(?=[A-Z])/g, "");
  if (
    /\b(user|customer|client|patient|visitor|attacker|actor|person|people|employee|operator|admin(istrator)?s?|developers?|maintainers?|contributors?|third[- ]?party|external|partner|vendor|browser|internet|end[- ]users?|users)\b/i.test(
      name,
    ) &&
    !/\b(service|api|server|db|database|portal|console|app|panel|pool|interface|ui|page|table|store)\b/i.test(name)
  )
    return "external";
  if (worker.test(name.trim())) return "process";
  if (
    /\b(db|database|data ?store|datastore|storage|bucket|blob|cache|queue|topic|redis|valkey|postgres(ql)?|mysql|mariadb|mongo(db)?|dynamodb|s3|sqlite|etcd|kafka|rabbitmq|registry|volume|disk|filesystem|file system|secrets?|vault|table|index|elasticsearch|log(s| store)?|backup|ledger|warehouse|lake)\b/i.test(
      name,
    )
  )
    return "store";
  return "process";
}

/** "Live Queue & Booking Engine": the last word says that it works on what the others name. */
const worker =
  /\b(?:(?<!\b(?:database|storage|db) )engine|handler|controller|worker|processor|consumer|producer|scheduler|dispatcher|listener|publisher)$/i;
