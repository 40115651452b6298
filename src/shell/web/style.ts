/** The style sheet: system fonts, both colour schemes, printable; text keeps a contrast of at least 4.5 to 1. */
export const style = `
:root { --ink: #1b2330; --soft: #566070; --line: #d8dee6; --ground: #f7f8fa; --panel: #ffffff; --sunk: #eef1f5; --link: #0b57c4; --accent: #17407a;
  --good: #14682e; --warn: #8a4b00; --bad: #b21d28; --none: #566070;
  --good-back: #e2f4e7; --warn-back: #fdf0dc; --bad-back: #fde7e8; --none-back: #eceff3;
  --fill-good: #43a565; --fill-warn: #e2a33b; --fill-bad: #d3434e; --fill-none: #aab4c0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4e9f0; --soft: #a2adbb; --line: #2f3947; --ground: #0e131a; --panel: #161d27; --sunk: #1e2733; --link: #7db4ff; --accent: #a9c8f5;
    --good: #63d086; --warn: #ecb457; --bad: #ff8c87; --none: #a2adbb;
    --good-back: #12301d; --warn-back: #38270c; --bad-back: #3d191c; --none-back: #232c38;
    --fill-good: #3f9a5c; --fill-warn: #c98a2a; --fill-bad: #c8444c; --fill-none: #566274; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-variant-numeric: tabular-nums; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible, summary:focus-visible, .scroll:focus-visible, .diagram:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -999rem; } .skip:focus { left: .5rem; top: .5rem; background: var(--panel); padding: .4rem .8rem; z-index: 2; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.6rem; background: var(--panel); border-bottom: 1px solid var(--line); padding: .55rem 1.4rem; }
.brand { display: inline-flex; align-items: center; gap: .45rem; font-weight: 680; text-decoration: none; color: var(--ink); letter-spacing: -.01em; }
.mark-shield { fill: var(--accent); } .mark-gate { fill: none; stroke: var(--panel); stroke-width: 1.4; stroke-linecap: round; }
.top nav { display: flex; flex-wrap: wrap; gap: .1rem .3rem; }
.top nav a { padding: .25rem .6rem; border-radius: .4rem; text-decoration: none; color: var(--soft); }
.top nav a.owner { color: var(--ink); font-weight: 600; }
.top nav a:hover { background: var(--sunk); color: var(--ink); }
.top nav a[aria-current] { background: var(--sunk); color: var(--ink); font-weight: 600; }
.account { margin-left: auto; display: flex; align-items: center; gap: .7rem; color: var(--soft); font-size: .9rem; }
button, .button { font: inherit; font-size: .9rem; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .3rem .8rem; cursor: pointer; }
button:hover { background: var(--sunk); }
.button { display: inline-block; background: var(--accent); border-color: var(--accent); color: var(--ground); text-decoration: none; padding: .5rem 1.1rem; font-weight: 600; }

main { max-width: 62rem; margin: 0 auto; padding: 1.6rem 1.4rem 3rem; }
footer { max-width: 62rem; margin: 0 auto; padding: 1rem 1.4rem 2rem; color: var(--soft); font-size: .85rem; }
main.wide, footer.wide { max-width: 84rem; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; letter-spacing: -.02em; font-weight: 680; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; line-height: 1.3; margin: 0 0 .7rem; font-weight: 650; letter-spacing: -.005em; }
h3 { font-size: .92rem; margin: 1.1rem 0 .35rem; font-weight: 650; }
p { margin: .3rem 0 .8rem; }
section { margin-top: 1.8rem; }
.soft { color: var(--soft); }
.heading { margin-bottom: 1.2rem; } .heading p { margin: .2rem 0; }
.lead { font-size: 1.12rem; line-height: 1.5; max-width: 50rem; }
.crumbs { color: var(--soft); font-size: .9rem; margin: 0 0 .5rem; }
code { font: .87em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.message { max-width: 34rem; margin: 3rem auto; background: var(--panel); border: 1px solid var(--line); border-radius: .7rem; padding: 1.8rem 2rem; }
.empty { background: var(--panel); border: 1px dashed var(--line); border-radius: .6rem; padding: 1rem 1.2rem; color: var(--soft); }
.owners { list-style: none; padding: 0; } .owners a { display: block; padding: .55rem 0; border-bottom: 1px solid var(--line); font-weight: 600; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .9rem; margin: 0 0 .9rem; }
.tile { background: var(--panel); border: 1px solid var(--line); border-radius: .7rem; padding: .9rem 1.1rem; }
.tile dt { color: var(--soft); font-size: .85rem; } .tile dd { margin: .15rem 0 0; }
.tile b { display: block; font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.02em; } .tile span { color: var(--soft); font-size: .85rem; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: .9rem; margin-top: .9rem; }
.columns.three { grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); }
.columns > section, .work { background: var(--panel); border: 1px solid var(--line); border-radius: .7rem; padding: 1rem 1.2rem; margin-top: 0; min-width: 0; }
.work { margin-top: 1.8rem; } .work p { margin: 0; }
.rows { list-style: none; padding: 0; margin: 0; }
.rows li { padding: .42rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; } .rows li:first-child { border-top: 0; padding-top: 0; }
.rows .soft { display: block; font-size: .86rem; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: .7rem; } .rows.panel { padding: .3rem 1.2rem; } .rows.panel > li { padding: .7rem 0; } .rows.panel p { margin: .2rem 0; } .nowrap { white-space: nowrap; }
.figures { list-style: none; padding: 0; margin: 0; display: grid; grid-template-columns: 1fr 1fr; gap: .2rem 1rem; } .figures b { font-size: 1.2rem; margin-right: .25rem; }

.rag, .class, .state, .risk, .verdict { font-weight: 650; font-size: .76rem; letter-spacing: .02em; white-space: nowrap; }
.rag { display: inline-block; min-width: 4.6em; padding: .12rem .5rem; border-radius: .35rem; text-align: center; }
.rag.GREEN { color: var(--good); background: var(--good-back); } .rag.AMBER { color: var(--warn); background: var(--warn-back); }
.rag.RED { color: var(--bad); background: var(--bad-back); } .rag.UNKNOWN { color: var(--none); background: var(--none-back); }
.class.high, .state.missing, .state.open, .risk.critical, .risk.high, .soon { color: var(--bad); }
.class.medium, .state.partial, .state.unknown, .risk.medium, .state.accepted { color: var(--warn); }
.class.low, .risk.low, .risk.note, .state.not-carried, .state.not-applicable { color: var(--soft); }
.state.present, .state.mitigated { color: var(--good); }
.class, .state, .risk { font-size: .85rem; letter-spacing: 0; }
.verdict { display: inline-block; padding: .15rem .7rem; border-radius: 1rem; font-size: .85rem; } .verdict.small { font-size: .76rem; padding: .05rem .55rem; }
.verdict.success { color: var(--good); background: var(--good-back); } .verdict.neutral { color: var(--none); background: var(--none-back); }
.verdict.action_required { color: var(--warn); background: var(--warn-back); } .verdict.failure, .verdict.could-not-evaluate { color: var(--bad); background: var(--bad-back); }
.success, .mitigated, .present { color: var(--good); } .neutral, .unknown, .not-carried { color: var(--none); }
.action_required, .medium, .partial { color: var(--warn); } .failure, .high, .critical, .open, .missing { color: var(--bad); }

.scroll { overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: .7rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .7rem; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th, tr > th[scope="col"] { font-weight: 600; color: var(--soft); font-size: .8rem; line-height: 1.3; vertical-align: bottom; background: var(--sunk); }
th[scope="row"] { font-weight: 600; min-width: 9rem; } tr > :first-child { padding-left: 1.1rem; } .rules th[scope="row"] { min-width: 15rem; } th .soft { display: block; font-weight: 400; font-size: .84rem; }
abbr { text-decoration: none; cursor: help; }
td.bar { min-width: 7rem; } td.bar .soft { font-size: .8rem; }
.systems td { white-space: nowrap; } .systems .rag { min-width: 4.2em; padding: .12rem .3rem; } .systems th[scope="row"] { min-width: 11rem; }
:where(.dense) td, :where(.dense) th { padding: .5rem .4rem; } table:where(.dense) { font-size: .88rem; } :where(.dense) thead th { font-size: .74rem; } :where(.dense) td.bar { min-width: 5.3rem; } :where(.dense) td.bar .soft { font-size: .74rem; white-space: nowrap; } :where(.dense) th[scope="row"] { min-width: 0; white-space: nowrap; }
.shares tbody { display: block; } .shares tr { display: flex; flex-direction: column; padding: .5rem 0; border-bottom: 1px solid var(--line); } .shares tr:last-child { border: 0; }
.shares th, .shares td, .shares tr > :first-child { padding: 0; border: 0; } .shares th { font-weight: 400; } .shares td { padding-top: .25rem; } .shares td:last-child { line-height: 1.9; }
.plain { text-decoration: none; color: var(--ink); margin-right: .4rem; white-space: nowrap; }

.share { display: block; width: 100%; height: .65rem; border-radius: .33rem; overflow: hidden; background: var(--none-back); }
.spark { display: block; } .chart { margin: 0; } .chart svg { width: 100%; height: auto; display: block; }
.grid { stroke: var(--line); } .axis { fill: var(--soft); font-size: 11px; }
.fill-GREEN { fill: var(--fill-good); background: var(--fill-good); } .fill-AMBER { fill: var(--fill-warn); background: var(--fill-warn); }
.fill-RED { fill: var(--fill-bad); background: var(--fill-bad); } .fill-UNKNOWN { fill: var(--fill-none); background: var(--fill-none); }
.fill-none { fill: var(--none-back); } .fill-part { fill: var(--fill-good); }
.legend { color: var(--soft); font-size: .82rem; } .chart .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin-top: .4rem; } .chart .legend span { display: inline-flex; align-items: center; gap: .35rem; }
.key { width: .8rem; height: .8rem; border-radius: .2rem; display: inline-block; }
.change-covered { fill: var(--fill-good); } .change-open { fill: var(--panel); stroke: var(--fill-bad); stroke-width: 2; } .update { fill: var(--link); }
.dot-covered { background: var(--fill-good); border-radius: 50%; } .dot-open { border: 2px solid var(--fill-bad); border-radius: 50%; } .tri { background: var(--link); clip-path: polygon(50% 0, 100% 100%, 0 100%); }

.filters { display: flex; flex-wrap: wrap; align-items: flex-end; gap: .6rem .8rem; margin-bottom: .9rem; }
.filters label { display: flex; flex-direction: column; font-size: .8rem; color: var(--soft); gap: .15rem; } .filters .search { flex: 1 1 10rem; } .filters .tick { flex-direction: row; align-items: center; gap: .4rem; padding-bottom: .4rem; font-size: .88rem; }
input[type="search"], input[type="date"], select { font: inherit; font-size: .9rem; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .32rem .5rem; min-height: 2.1rem; max-width: 9.5rem; } .filters .search input { max-width: none; width: 100%; }
.asking { background: var(--panel); border: 1px solid var(--line); border-radius: .7rem; padding: 1.1rem 1.3rem 1.3rem; margin: 1rem 0; max-width: 46rem; } .asking .days { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: flex-end; } .asking .days label { display: flex; flex-direction: column; font-size: .8rem; color: var(--soft); gap: .15rem; }
.asking fieldset { border: 0; padding: 0; margin: 1rem 0; } .asking legend { padding: 0; font-weight: 650; margin-bottom: .35rem; } .asking fieldset label { display: flex; gap: .5rem; align-items: baseline; padding: .18rem 0; } .asking input[type="date"] { max-width: none; } .asking .button { padding: .32rem 1.1rem; font-size: .9rem; }
.list-head { display: flex; justify-content: space-between; flex-wrap: wrap; gap: .3rem 1rem; margin: 0 0 .5rem; font-size: .9rem; } .downloads a { margin-left: .5rem; }
.pager { display: flex; gap: 1.2rem; justify-content: center; margin-top: 1rem; }
.pills, .local { display: flex; flex-wrap: wrap; gap: .35rem; margin: 0 0 .7rem; font-size: .88rem; align-items: center; } .pills span { color: var(--soft); min-width: 3.6rem; }
.pills a, .local a { padding: .15rem .65rem; border: 1px solid var(--line); border-radius: 1rem; text-decoration: none; background: var(--panel); } .pills a[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--ground); }
.local { border-bottom: 1px solid var(--line); padding-bottom: .9rem; }
.indicator-cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); gap: .9rem; }
.indicator { background: var(--panel); border: 1px solid var(--line); border-top: 3px solid var(--fill-none); border-radius: .5rem; padding: .8rem 1rem; font-size: .92rem; overflow-wrap: anywhere; }
.indicator h3 { margin: 0 0 .4rem; display: flex; justify-content: space-between; gap: .6rem; } .indicator p { margin: .2rem 0; } .next { color: var(--soft); }
.edge-GREEN { border-top-color: var(--fill-good); } .edge-AMBER { border-top-color: var(--fill-warn); } .edge-RED { border-top-color: var(--fill-bad); }
.diagram { margin: 0 0 .6rem; background: #fff; border: 1px solid var(--line); border-radius: .7rem; padding: 1rem; overflow-x: auto; text-align: center; } .diagram figure { margin: 0; } .diagram svg { max-width: 100%; min-width: min(40rem, 180vw); height: auto; max-height: 36rem; }
.facts { list-style: none; padding: 0; margin: 0; font-size: .88rem; color: var(--soft); } .facts li { overflow-wrap: anywhere; } .facts li + li { margin-top: .15rem; }
ol.steps { padding-left: 1.3rem; } ol.steps li { margin-bottom: .5rem; }
details { border: 1px solid var(--line); border-radius: .6rem; padding: .6rem 1rem; margin: .7rem 0; background: var(--panel); } summary { cursor: pointer; font-weight: 600; } details .scroll { margin-top: .6rem; }

@media screen and (max-width: 46rem) {
  .top { padding: .5rem .9rem; flex-wrap: wrap; } .account { order: 1; margin-left: auto; } .top nav { order: 2; flex: 1 0 100%; flex-wrap: nowrap; overflow-x: auto; white-space: nowrap; margin: 0 -.4rem; } .account span { overflow: hidden; text-overflow: ellipsis; max-width: 9rem; }
  main, footer { padding-left: .9rem; padding-right: .9rem; } main { padding-top: 1.1rem; } h1 { font-size: 1.3rem; }
  .tiles { grid-template-columns: 1fr 1fr; gap: .6rem; } .tile { padding: .7rem .8rem; } .tile b { font-size: 1.35rem; }
  .cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .cards, .cards tbody, .cards tr, .cards td, .cards th[scope="row"] { display: block; width: 100%; }
  .cards tr { padding: .7rem .9rem; border-bottom: 1px solid var(--line); } .cards tr:last-child { border-bottom: 0; }
  .cards td, .cards th[scope="row"] { border: 0; padding: .12rem 0; white-space: normal; min-width: 0; }
  .cards td[data-label] { display: flow-root; padding-left: 8.8rem; } .cards td[data-label]::before { content: attr(data-label); float: left; margin-left: -8.8rem; width: 8.2rem; color: var(--soft); font-size: .84rem; }
  .quarters tr { display: grid; grid-template-columns: repeat(4, 1fr); gap: .45rem .5rem; } .quarters th[scope="row"] { grid-column: 1 / -1; }
  .quarters td[data-label] { grid-column: span 2; padding: 0; } .quarters td[data-label^="TM-"] { grid-column: span 1; } .quarters td:nth-child(2):not([data-label^="TM-"]) { grid-column: 1 / -1; } .quarters td[data-label]::before { float: none; display: block; margin: 0; width: auto; font-size: .76rem; } .quarters .rag { min-width: 0; padding: .12rem .4rem; font-size: .68rem; } .quarters td.bar { min-width: 0; } .quarters td.bar .soft { font-size: .68rem; white-space: nowrap; }
  .filters label:not(.tick) { flex: 1 1 40%; } .filters select { max-width: none; width: 100%; }
}
time { white-space: nowrap; }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --panel: #fff; --sunk: #f2f2f2; --link: #000; --accent: #222; color-scheme: light;
    --good: #14682e; --warn: #7a4300; --bad: #a01520; --good-back: #e2f4e7; --warn-back: #fdf0dc; --bad-back: #fde7e8; --none-back: #eceff3; --none: #444;
    --fill-good: #43a565; --fill-warn: #e2a33b; --fill-bad: #d3434e; --fill-none: #aab4c0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  @page { size: A4; margin: 12mm; } html { font-size: 11px; }
  body { font-size: 9pt; line-height: 1.4; } .top, footer, .filters, .downloads, .pager, .local, .pills, .skip, .asking { display: none; } main, main.wide { max-width: none; padding: 0; } a { text-decoration: none; }
  h1 { font-size: 15pt; } h2 { font-size: 10.5pt; margin-bottom: .35rem; break-after: avoid; } h3 { margin: .5rem 0 .2rem; } .heading { margin-bottom: .6rem; } .heading p { margin: .1rem 0; } .lead { font-size: 10.5pt; max-width: none; }
  .scroll { overflow: visible; border: 0; border-radius: 0; } .scroll table { border-top: 1px solid var(--line); } section, .tile, .indicator, tr, figure { break-inside: avoid; } section:has(table.cards) { break-inside: auto; } thead { display: table-header-group; } section { margin-top: .7rem; }
  .tiles { grid-template-columns: repeat(auto-fit, minmax(30mm, 1fr)); gap: .45rem; margin-bottom: .45rem; } .tile { padding: .35rem .6rem; } .tile b { font-size: 13pt; } .tile dt, .tile span { font-size: 8pt; } .columns { grid-template-columns: 1fr 1fr; gap: .45rem; margin-top: .45rem; } .columns.three { grid-template-columns: repeat(3, 1fr); } .columns > section { padding: .5rem .7rem; }
  table { font-size: 8.5pt; } th, td { padding: .16rem .35rem; } tr > :first-child { padding-left: .2rem; } thead th, tr > th[scope="col"] { font-size: 7.5pt; } th[scope="row"], .systems th[scope="row"] { min-width: 0; } td.bar { min-width: 4rem; } .systems td { white-space: normal; } .rag, .systems .rag { min-width: 0; padding: .05rem .3rem; font-size: 7pt; }
  main:has(> .report) { zoom: .8; } .rows li { padding: .18rem 0; } .rows .soft { font-size: 8pt; } .figures b { font-size: 10.5pt; } .shares tr { padding: .22rem 0; } .shares td:last-child { line-height: 1.6; } .share { height: .45rem; } .chart svg { max-height: 8.5rem; } details { border: 0; padding: 0; }
}
`;
