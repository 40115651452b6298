/** What to do where a system has no threat model: said by every indicator, and by the verdict, in the same words. */
export const addAThreatModel =
  "Add a threat model: the check of a pull request offers a first `threat-model.yaml`, ready to edit.";
