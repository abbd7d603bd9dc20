/** The look of the HTML report. Nothing in it is fetched. */
export const style = `
:root{color-scheme:light dark;--paper:#f5f2ea;--card:#fffdf8;--ink:#1d2433;--soft:#5b6475;--line:#dcd6c6;--on:#b9d8d3;--in:#0f8a7e;--held:#10302c;--step:#d9820b;--shade:#d9820b1c;--bad:#c8252c;--badsoft:#fbe5e2;--good:#11803f;--goodsoft:#dcf1e1;--warn:#a35f00;--warnsoft:#fbecd0;--ask:#6b4fd0;--hole:#e4dece;--code:#f1ecdf}
@media (prefers-color-scheme:dark){:root{--paper:#12161f;--card:#1a202c;--ink:#e8e6df;--soft:#9aa4b5;--line:#2d3646;--on:#24504d;--in:#2fb5a6;--held:#06201e;--step:#f0a132;--shade:#f0a13220;--bad:#ff6b66;--badsoft:#3f1f22;--good:#4fd07f;--goodsoft:#163523;--warn:#f2b457;--warnsoft:#3a2c14;--ask:#a993ff;--hole:#252d3b;--code:#121722}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-text-size-adjust:100%}
.fake{position:sticky;top:0;z-index:2;padding:.45rem 1rem;text-align:center;font-weight:700;font-size:.82rem;letter-spacing:.06em;color:#201500;background:repeating-linear-gradient(-45deg,#ffc93c 0 14px,#f7b500 14px 28px);border-bottom:2px solid #201500}
.fake small{font-weight:500;letter-spacing:0;display:block}
main{max-width:62rem;margin:0 auto;padding:1.2rem 1rem 3rem}
.tape{height:12px;margin:2.2rem 0 0;background:radial-gradient(circle,var(--hole) 3.4px,transparent 4px) 0 50%/14px 12px}
header{display:flex;flex-wrap:wrap;gap:.4rem 1.2rem;align-items:center;justify-content:space-between}
h1{margin:0;font-size:1.65rem;line-height:1.2;letter-spacing:-.01em;overflow-wrap:anywhere}
h2{margin:2.2rem 0 .7rem;font-size:1.05rem}
p{margin:.4rem 0}
.about{color:var(--soft);max-width:46rem}
.verdict{font-weight:800;font-size:1.1rem;letter-spacing:.05em;padding:.3rem .9rem;border-radius:.5rem;border:2px solid}
.pass{color:var(--good);background:var(--goodsoft)}.fail{color:var(--bad);background:var(--badsoft)}.warned{color:var(--warn);background:var(--warnsoft)}
dl.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.8rem 1.2rem;margin:1.1rem 0 0;padding:.9rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:.7rem}
dl.facts div{min-width:0}
dt{color:var(--soft);font-size:.76rem}
dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
dl.facts .wide{grid-column:1/-1}
code,.lines{font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:var(--code);padding:.1em .35em;border-radius:.3em;overflow-wrap:anywhere}
.timeline{margin:0;padding:1rem;background:var(--card);border:1px solid var(--line);border-radius:.7rem;overflow:hidden}
.timeline svg{display:block;overflow:visible}
svg text{fill:var(--ink);font-size:12px}
svg .time{fill:var(--soft);font-size:11px;font-variant-numeric:tabular-nums}
svg .who,svg .name{font-weight:600;paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}
svg .name{fill:var(--warn)}
.tick{stroke:var(--line)}
.shade{fill:var(--shade)}
.step{fill:var(--step)}
.on{fill:var(--on)}.in{fill:var(--in)}
.held{fill:url(#held)}#held rect{fill:var(--held);fill-opacity:.62}
.gap{stroke:var(--bad);stroke-width:2;stroke-dasharray:2 4}
.pin{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:2 4;opacity:.8}
svg .m{font-weight:800;paint-order:stroke;stroke:var(--card);stroke-width:3px}
svg .back{fill:var(--good);font-size:16px}svg .no{fill:var(--bad);font-size:16px}svg .miss{fill:var(--bad);font-size:13px}
.ask{fill:var(--ask)}.bad{fill:var(--bad)}
figcaption{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;margin-top:.9rem;padding-top:.7rem;border-top:1px solid var(--line);color:var(--soft);font-size:.8rem}
figcaption span{white-space:nowrap}
.k{display:inline-block;width:1.3em;height:.65em;border-radius:2px;margin-right:.4em}
.k.on{background:var(--on)}.k.in{background:var(--in)}.k.step{background:var(--step)}
.k.held{background:repeating-linear-gradient(45deg,var(--held) 0 3px,var(--in) 3px 6px)}
.k.pin{width:0;height:1em;border-left:2px dotted var(--bad);vertical-align:-.1em}
b.m{margin-right:.35em}b.back{color:var(--good)}b.no,b.miss,b.bad{color:var(--bad)}b.ask{color:var(--ask)}
.left{color:var(--soft);font-size:.85rem}
.finding{margin:.6rem 0;padding:.8rem 1rem;background:var(--card);border:1px solid var(--line);border-left:5px solid var(--good);border-radius:.6rem}
.finding.fails{border-left-color:var(--bad)}.finding.warns{border-left-color:var(--warn)}
.finding h3{margin:0;font-size:1rem;display:flex;gap:.35rem .6rem;flex-wrap:wrap;align-items:baseline;overflow-wrap:anywhere}
.tag{font-size:.72rem;font-weight:700;padding:.05rem .5rem;border-radius:1rem;white-space:nowrap}
.finding h3 span:last-child::first-letter{text-transform:uppercase}
.finding p{overflow-wrap:anywhere}
.finding .says{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .8rem;margin:.45rem 0 0}
.finding .says dd{overflow-wrap:anywhere}
.met .says{color:var(--soft)}
.lines{margin:.7rem 0 0;padding:.6rem .7rem;list-style:none;background:var(--code);border-radius:.45rem}
.lines li{display:grid;grid-template-columns:4.2em 5.2em 1fr;gap:.6em;padding:.12rem 0;overflow-wrap:anywhere;min-width:0}
.lines span{color:var(--soft);text-align:right;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.7rem}
table{width:100%;border-collapse:collapse}
th,td{padding:.45rem .8rem;text-align:left;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;color:var(--soft);font-size:.76rem;font-weight:600}
th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}
td.why{color:var(--soft);font-size:.88rem}
footer{margin-top:.8rem;color:var(--soft);font-size:.82rem}
@media (max-width:34rem){main{padding:1rem .75rem 2.5rem}h1{font-size:1.35rem}.timeline{padding:.8rem .6rem}.lines li{grid-template-columns:1fr auto}.lines li>em{grid-column:1/-1}.lines span{text-align:left}.finding .says{grid-template-columns:1fr}.finding .says dd{margin-bottom:.3rem}th,td{padding:.4rem .6rem}}
.lines em{font-style:normal;min-width:0}
@media print{.fake{position:static}.finding,.timeline{break-inside:avoid}}
`;
