/** What no report of ours proves, said in each of them. */
export const notProved: readonly string[] = [
  "That the system is secure, or that a law or standard is complied with. The tables point to where evidence stands; whether it is enough is for whoever answers for it to judge.",
  "That a control works. A status and a result are what the model states at the commit judged; nothing was run. `in the tree` says that a file is there, not what it does.",
  "That the model is true or complete. Changes are found by rules, and a change that no rule knows is not in the list.",
  "Who a person is. Names stand as GitHub, a commit or the model gives them.",
  "That packages are free of vulnerabilities, or that nothing else is used. The components are those that manifests and code state; what packages bring along themselves is not listed.",
];

/** What beside that holds where git alone was read. */
export const unknownInClone: readonly string[] = [
  "Approvals: git does not tell who approved a change, so every approval is UNKNOWN. The service records GitHub's reviews.",
  "Dates are commit dates, which whoever commits can set. The service takes GitHub's time of the merge.",
  "Titles, authors and numbers of pull requests are what commits state; nobody vouches for them here.",
];

/** What beside that holds of records in a database. */
export const unknownInService: readonly string[] = [
  "A chain of digests shows a record that was changed or removed from its middle. Whoever holds the database could write a whole chain anew or cut its end: hold it against the digests that the checks on GitHub state.",
];
