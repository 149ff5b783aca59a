/** The icon of the status page. */
export const STATUS_ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5cad"/><path d="M5 18h5l3-9 5 15 4-9 1 3h4" fill="none" stroke="#fff" stroke-width="2.6" stroke-linejoin="round" stroke-linecap="round"/></svg>
`;

/** The style of the status page, in light and dark, for wide screens and narrow ones. */
export const STATUS_STYLE = `:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --surface: #fff; --line: #e1e4e9; --text: #1c2430; --minor: #5b6573; --link: #0b5cad;
  --up: #1a7f37; --up-soft: #e3f4e7; --down: #c4232b; --down-soft: #fdeaea; --unknown: #6a5a12; --unknown-soft: #f7f0d2;
  --warn: #8a5a00; --good-bar: #57ab6b; --bad-bar: #d6353d; --none-bar: #b9bfc9;
  --dns: #8250df; --connect: #0a7ea4; --tls: #2da44e; --wait: #d9822b; --transfer: #4c6fff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #10141a; --surface: #181e26; --line: #2b333e; --text: #e4e8ee; --minor: #9aa5b4; --link: #6db3f8;
    --up: #56d27a; --up-soft: #14301e; --down: #ff8b8b; --down-soft: #401a1d; --unknown: #e3c65c; --unknown-soft: #35300f;
    --warn: #f0b34a; --good-bar: #3f9457; --bad-bar: #f0565c; --none-bar: #55606e;
    --dns: #a982f5; --connect: #35b1d6; --tls: #4cc46d; --wait: #e69a4e; --transfer: #7f97ff;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 110rem; padding: 1rem clamp(.75rem, 2.5vw, 2rem) 3rem; background: var(--ground); color: var(--text); font: .9375rem/1.45 system-ui, sans-serif; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }
#targets:focus { outline: none; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem 1rem; background: var(--surface); z-index: 2; }
.live .plain-only { display: none; }
.minor { color: var(--minor); font-size: .8125rem; font-weight: 400; }
.none { color: var(--minor); }
header { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: .25rem 1.5rem; }
h1 { margin: 0; font-size: 1.125rem; }
header nav { display: flex; gap: 1.25rem; }
main { display: block; }
#summary { margin: 1rem 0 .75rem; font-size: 1.5rem; font-weight: 650; line-height: 1.2; }
.tools { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: center; gap: .5rem 1.5rem; margin-top: 1rem; }
.tools form { display: flex; flex: 1 1 16rem; align-items: center; gap: .5rem; max-width: 34rem; }
.tools label { font-weight: 600; }
input[type=search] { flex: 1; min-width: 0; }
input, button { font: inherit; color: inherit; padding: .4rem .7rem; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); }
button { cursor: pointer; }
button[aria-pressed=true] { border-color: var(--link); color: var(--link); font-weight: 600; }
.refresh { display: flex; align-items: center; gap: .75rem; margin: 0; }
#note:empty { display: none; }
#note { color: var(--down); font-weight: 600; }
.old main { opacity: .6; }
#states { display: flex; flex-wrap: wrap; gap: .5rem; }
#states a { padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 99px; background: var(--surface); color: var(--text); text-decoration: none; }
#states a:hover { border-color: var(--link); }
#states a[aria-current] { background: var(--text); border-color: var(--text); color: var(--ground); }
#states b { font-variant-numeric: tabular-nums; }
#legend { margin: .75rem 0 .5rem; color: var(--minor); font-size: .8125rem; }
.key { margin-left: .6rem; white-space: nowrap; }
.key::before { content: ''; display: inline-block; width: .7rem; height: .7rem; margin-right: .3rem; border-radius: 2px; vertical-align: -1px; background: currentColor; }
.key.dns::before, rect.dns { background: var(--dns); fill: var(--dns); }
.key.connect::before, rect.connect { background: var(--connect); fill: var(--connect); }
.key.tls::before, rect.tls { background: var(--tls); fill: var(--tls); }
.key.wait::before, rect.wait { background: var(--wait); fill: var(--wait); }
.key.transfer::before, rect.transfer { background: var(--transfer); fill: var(--transfer); }
table { width: 100%; table-layout: fixed; border-collapse: separate; border-spacing: 0; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
th, td { padding: .55rem .7rem; text-align: left; vertical-align: top; font-weight: 400; border-top: 1px solid var(--line); }
thead th { position: sticky; top: 0; z-index: 1; background: var(--surface); border-top: 0; border-bottom: 1px solid var(--line); border-radius: 8px 8px 0 0; white-space: nowrap; font-size: .8125rem; }
tbody tr:first-child > * { border-top: 0; }
thead a { color: var(--minor); font-weight: 600; text-decoration: none; }
thead a:hover { color: var(--link); }
th[aria-sort] a { color: var(--text); }
th[aria-sort=ascending] a::after { content: ' ↑'; }
th[aria-sort=descending] a::after { content: ' ↓'; }
.state, .status, .certificate, .probed { white-space: nowrap; }
.state .minor, .probed .minor { display: block; }
.badge { display: inline-block; padding: .1rem .55rem; border-radius: 99px; font-weight: 650; font-size: .8125rem; }
.up .badge { background: var(--up-soft); color: var(--up); }
.down .badge { background: var(--down-soft); color: var(--down); }
.unknown .badge { background: var(--unknown-soft); color: var(--unknown); }
tr.down > :first-child { box-shadow: inset 3px 0 var(--down); }
tr.unknown > :first-child { box-shadow: inset 3px 0 var(--unknown); }
.target, .result { overflow-wrap: anywhere; }
thead th { width: 8.5rem; }
thead th:nth-child(1) { width: 7.5rem; }
thead th:nth-child(2) { width: auto; }
thead th:nth-child(3) { width: 20%; }
thead th:nth-child(5) { width: 12.75rem; }
thead th:nth-child(6) { width: 4.75rem; }
.target a { font-weight: 600; color: var(--text); text-decoration-color: var(--line); text-underline-offset: 3px; }
.target a:hover { color: var(--link); text-decoration-color: currentColor; }
.chip { display: inline-block; padding: 0 .45rem; border: 1px solid var(--line); border-radius: 4px; color: var(--minor); font-size: .8125rem; }
.chip.warn { border-color: currentColor; }
.warn { color: var(--warn); font-weight: 600; }
.bad { color: var(--down); font-weight: 600; }
code { font: .875rem ui-monospace, monospace; }
.meaning { display: block; }
.reason { display: block; color: var(--minor); font-size: .8125rem; }
.ms, .status { font-variant-numeric: tabular-nums; }
.ms { display: block; white-space: nowrap; }
svg { display: block; }
.phases { width: 7.5rem; height: .5rem; margin-top: .3rem; border-radius: 2px; }
.history { width: 180px; height: 28px; }
path.good { fill: var(--good-bar); }
path.bad { fill: var(--bad-bar); }
path.none { fill: var(--none-bar); }
path.ground { stroke: var(--line); fill: none; }
#rest:not(:empty) { margin: 1rem 0; color: var(--minor); text-align: center; }
@media (max-width: 75rem) {
  table, tbody, tbody tr, tbody th, tbody td { display: block; }
  table { border: 0; background: none; }
  caption { display: none; }
  thead, thead tr { display: flex; flex-wrap: wrap; gap: .35rem; }
  thead tr::before { content: 'Sort by'; color: var(--minor); font-size: .8125rem; align-self: center; }
  thead { margin-bottom: .75rem; }
  thead tr > th { position: static; width: auto; padding: .2rem .6rem; border: 1px solid var(--line); border-radius: 99px; }
  tbody tr { display: grid; grid-template-columns: repeat(3, auto) 1fr; gap: .5rem 1.5rem; margin-bottom: .75rem; padding: .75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); }
  tr.down { border-left: 4px solid var(--down); }
  tr.unknown { border-left: 4px solid var(--unknown); }
  tbody tr:is(.down, .unknown) > :first-child { box-shadow: none; }
  tbody th, tbody td { padding: 0; border: 0; min-width: 0; }
  .state, .target, .result, .response, .past { grid-column: 1 / -1; }
  .probed { grid-column-end: -1; }
  .state { display: flex; align-items: baseline; gap: .6rem; }
  tbody td[data-heading]::before { content: attr(data-heading); display: block; color: var(--minor); font-size: .75rem; }
  .history { width: 100%; max-width: 26rem; height: 32px; }
}
@media (min-width: 40rem) and (max-width: 75rem) {
  tbody tr { grid-template-columns: 11rem 13rem 4rem 8rem 1fr; }
  .response, .past, .probed { grid-column: auto; }
}
@media (prefers-reduced-motion: no-preference) { main { transition: opacity .2s; } }
@media (forced-colors: active) { .badge { border: 1px solid; } rect, path { forced-color-adjust: none; } }
`;
