import fc from "fast-check";

/*
 * The same examples at every run, so that a red build is about the change that it judges. `FAST_CHECK_SEED=$RANDOM` tries
 * others; what they find belongs into a test of its own.
 */
fc.configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20_261_122) });

export default fc;
