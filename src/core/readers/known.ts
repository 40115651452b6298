/** The fields that are there for certain as they are; those that may be undefined become optional. */
export type Known<Value extends object> = {
  [Key in keyof Value as undefined extends Value[Key] ? never : Key]: Value[Key];
} & {
  [Key in keyof Value as undefined extends Value[Key] ? Key : never]?: Exclude<Value[Key], undefined>;
};

/** The object without its undefined fields: what nobody stated is absent, never `undefined`. */
export function known<Value extends object>(value: Value): Known<Value> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Known<Value>;
}
