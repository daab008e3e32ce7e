/** The style of the HTML report; its hash stands in the page's Content-Security-Policy. */
export const HTML_STYLE = `
:root{color-scheme:light dark;--red:#cf222e;--amber:#9a6700;--green:#1a7f37;--dim:#656d76;--line:#d0d7de;--soft:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--red:#ff7b72;--amber:#d29922;--green:#3fb950;--dim:#8b949e;--line:#30363d;--soft:#161b22}}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}small{color:var(--dim);font-weight:normal}
header{border-left:.4rem solid;padding:.6rem 1rem;background:var(--soft)}header h1{color:inherit}
.fix{color:var(--red)}.approve{color:var(--amber)}.ok{color:var(--green)}.dim{color:var(--dim);margin:.2rem 0}
article,article.told{border:1px solid var(--line);border-left:.25rem solid currentColor;border-radius:6px;padding:.6rem 1rem;margin:.6rem 0}
article>*{color:CanvasText}article .dim{color:var(--dim)}article p{margin:.25rem 0}
pre,code{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}pre{background:var(--soft);padding:.4rem .6rem;white-space:pre-wrap}
.help{border-top:1px dashed var(--line);padding-top:.3rem}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top}
.numbers td:nth-child(n+3),.numbers th:nth-child(n+3){text-align:right}
details{margin:.6rem 0}summary{cursor:pointer}.delete>p>b,.replace>p>b{color:var(--red)}.create>p>b{color:var(--green)}
`;
