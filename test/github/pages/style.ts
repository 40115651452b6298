/** The look of the pages: quiet, close to GitHub's, nothing loaded from elsewhere. */
export const style = `
:root { --line: #d1d9e0; --dim: #59636e; --ink: #1f2328; --soft: #f6f8fa; --blue: #0969da; --green: #1a7f37; --red: #cf222e; --amber: #9a6700; --purple: #8250df; }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; color: var(--ink); background: #fff; }
a { color: var(--blue); text-decoration: none; } a:hover { text-decoration: underline; }
header.top { background: var(--soft); border-bottom: 1px solid var(--line); padding: 12px 32px; font-size: 15px; }
header.top small { color: var(--dim); margin-left: 12px; }
main { max-width: 1216px; margin: 0 auto; padding: 24px 32px 80px; }
h1 { font-size: 28px; font-weight: 400; margin: 0 0 8px; line-height: 1.25; } h1 .number { color: var(--dim); font-weight: 300; }
h2.section { font-size: 18px; margin: 40px 0 12px; padding-bottom: 8px; border-bottom: 1px solid var(--line); }
.state { display: inline-block; border-radius: 2em; padding: 4px 12px; color: #fff; font-weight: 500; margin-right: 8px; }
.state.open { background: var(--green); } .state.closed { background: var(--red); } .state.merged { background: var(--purple); } .state.draft { background: var(--dim); } .state.done { background: var(--purple); }
.dim { color: var(--dim); } .branch { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; background: #ddf4ff; color: var(--blue); border-radius: 6px; padding: 2px 6px; }
nav.tabs { display: flex; gap: 8px; border-bottom: 1px solid var(--line); margin: 16px 0 24px; } nav.tabs a { padding: 8px 12px; color: var(--ink); } nav.tabs a:first-child { border-bottom: 2px solid #fd8c73; font-weight: 600; }
.count { background: #e7ebef; border-radius: 2em; padding: 0 6px; font-size: 12px; margin-left: 4px; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 256px; gap: 32px; }
aside section { border-bottom: 1px solid var(--line); padding: 0 0 16px; margin-bottom: 16px; font-size: 13px; } aside h3 { font-size: 12px; color: var(--dim); margin: 0 0 8px; }
.post { display: grid; grid-template-columns: 40px minmax(0, 1fr); gap: 16px; margin-bottom: 16px; }
.avatar { width: 40px; height: 40px; border-radius: 50%; display: grid; place-items: center; color: #fff; font-weight: 600; } .avatar.bot { border-radius: 8px; } .avatar.small { width: 20px; height: 20px; font-size: 11px; display: inline-grid; vertical-align: middle; margin-right: 6px; }
.box { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; background: #fff; }
.box > .head { background: var(--soft); border-bottom: 1px solid var(--line); padding: 8px 16px; color: var(--dim); } .box > .head b { color: var(--ink); }
.tag { border: 1px solid var(--line); border-radius: 2em; padding: 0 7px; font-size: 12px; margin-left: 6px; color: var(--dim); }
.label { display: inline-block; border-radius: 2em; padding: 0 8px; font-size: 12px; font-weight: 500; border: 1px solid var(--line); background: var(--soft); margin: 0 4px 4px 0; }
.markdown { padding: 16px; overflow-wrap: break-word; } .markdown > :first-child { margin-top: 0; } .markdown > :last-child { margin-bottom: 0; }
.markdown p, .markdown ul, .markdown ol, .markdown table, .markdown pre, .markdown blockquote, .markdown details { margin: 0 0 12px; }
.markdown h1, .markdown h2 { font-size: 20px; font-weight: 600; border-bottom: 1px solid var(--line); padding-bottom: 6px; margin: 20px 0 12px; } .markdown h3 { font-size: 16px; margin: 20px 0 8px; } .markdown h4, .markdown h5, .markdown h6 { font-size: 14px; margin: 16px 0 8px; }
.markdown table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: auto; } .markdown th, .markdown td { border: 1px solid var(--line); padding: 6px 13px; text-align: left; vertical-align: top; } .markdown th { font-weight: 600; } .markdown td code { white-space: nowrap; } .markdown tr:nth-child(2n) td { background: var(--soft); } .markdown .right { text-align: right; } .markdown .center { text-align: center; }
.markdown code { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; background: #eff1f3; border-radius: 6px; padding: 2px 5px; } .markdown pre { background: var(--soft); border-radius: 6px; padding: 16px; overflow: auto; } .markdown pre code { background: none; padding: 0; line-height: 1.45; }
.markdown blockquote { border-left: 4px solid var(--line); color: var(--dim); padding: 0 16px; } .markdown ul, .markdown ol { padding-left: 28px; } .markdown li.task { list-style: none; margin-left: -20px; } .markdown summary { cursor: pointer; } .markdown .image { color: var(--dim); border: 1px dashed var(--line); border-radius: 4px; padding: 1px 6px; } .markdown a.account, .markdown a.team { font-weight: 600; color: var(--ink); }
.event { margin: 0 0 16px 56px; color: var(--dim); } .event b { color: var(--ink); }
.mark { display: inline-grid; place-items: center; width: 20px; height: 20px; border-radius: 50%; color: #fff; font-size: 12px; margin-right: 8px; flex: none; } .mark.success { background: var(--green); } .mark.failure { background: var(--red); } .mark.neutral, .mark.pending { background: #818b98; } .mark.action_required { background: var(--amber); }
.merge .row { display: flex; align-items: center; padding: 12px 16px; border-bottom: 1px solid var(--line); } .merge .row:last-child { border-bottom: 0; } .merge .row .grow { flex: 1; }
.thread { margin: 0 0 16px 56px; } .thread > .box > .head { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; } .thread .said { padding: 12px 16px 0; border-top: 1px solid var(--line); } .thread .said .markdown { padding: 6px 0 12px; }
.folded { color: var(--dim); padding: 8px 16px; } details.resolved > summary { padding: 8px 16px; color: var(--dim); cursor: pointer; }
table.diff { width: 100%; border-collapse: collapse; font: 12px/20px ui-monospace, SFMono-Regular, Menlo, monospace; table-layout: fixed; } table.diff td { padding: 0 10px; white-space: pre-wrap; overflow-wrap: anywhere; vertical-align: top; } table.diff td.no { width: 44px; color: var(--dim); text-align: right; user-select: none; padding: 0 8px; }
table.diff td:target { outline: 2px solid #fd8c73; } table.diff tr.add td { background: #dafbe1; } table.diff tr.add td.no { background: #aceebb; } table.diff tr.del td { background: #ffebe9; } table.diff tr.del td.no { background: #ffcecb; } table.diff tr.hunk td { background: #ddf4ff; color: var(--dim); } table.diff tr.talk td { white-space: normal; padding: 12px; font: 14px/1.5 -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; background: #fff; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); } table.diff tr.talk .thread { margin: 0 0 8px; }
.file { margin-bottom: 16px; } .file > .head { font: 12px ui-monospace, SFMono-Regular, Menlo, monospace; } .plus { color: var(--green); font-weight: 600; } .minus { color: var(--red); font-weight: 600; }
ul.list { list-style: none; margin: 0; padding: 0; } ul.list li { padding: 10px 16px; border-bottom: 1px solid var(--line); } ul.list li:last-child { border-bottom: 0; }
@media (max-width: 800px) { .columns { grid-template-columns: 1fr; } main { padding: 16px; } }
`;
