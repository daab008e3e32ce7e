import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{b as C}from"./chunk-TV6RIA5P.mjs";import"./chunk-AQ56IN6N.mjs";import{b as O,c as k}from"./chunk-TNOH63VB.mjs";import{a as c,b as l,c as f,d as b,e as d,f as v,g as y,j as x,k as w}from"./chunk-MHURRTAL.mjs";import{c as j}from"./chunk-2F7YNBOD.mjs";import"./chunk-QMTCYSLX.mjs";import{a}from"./chunk-J4GWMTJ2.mjs";import{createHash as E}from"node:crypto";var $=`
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
`;var A=200;function te(e){let t=x(e);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${E("sha256").update($).digest("base64")}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${o(t.headline)}</title>
<style>${$}</style>
</head>
<body>
${L(t)}
${m("Fix","fix",t.fix)}
${m(`Approve (${t.approvers})`,"approve",t.approve)}
${N("Not verified",t.unverified)}
${m("Would refuse: these checks only report","approve",t.wouldRefuse)}
${P(t)}
${m("Approved","ok",t.approved)}
${B(t.told)}
${U(e)}
${W(e.report.checks)}
${k(t).map(n=>`<p class="dim">${h(n)}</p>`).join(`
`)}
</body>
</html>
`}a(te,"writeHtml");function o(e){return j(e).replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;").replaceAll('"',"&quot;").replaceAll("'","&#39;")}a(o,"esc");function h(e){return e.split(`
`).map(t=>t.split("`").map((r,n,i)=>n%2===1&&n<i.length-1?`<code>${o(r)}</code>`:o(r)).join("")).join("<br>")}a(h,"prose");function L({headline:e,verdict:t}){let{report:r}=t,n={success:"ok",failure:"fix",error:"fix"}[r.conclusion],i=r.base===null||r.head===null?"":`<p class="dim">merging <code>${o(d(r.head))}</code> into <code>${o(d(r.base))}</code></p>`;return`<header class="${n}"><h1>${o(e)}</h1>${i}</header>`}a(L,"header");function m(e,t,r){return r.length===0?"":`<section><h2 class="${t}">${o(e)} <small>${r.length}</small></h2>${r.map(n=>R(n,t)).join(`
`)}</section>`}a(m,"issues");function R(e,t){let r=e.places.map(H),n=e.clusters.length>0?e.clusters:e.targets;return`<article class="${t}">
<p class="place">${r.length===0?"":`<code>${o(l(r,20))}</code> `}<span class="dim">${o(e.ruleId)}</span></p>
<p>${h(e.message)}</p>
${e.excerpt===null?"":`<pre>${e.excerpt.line} \u2502 ${o(e.excerpt.text.trimEnd())}</pre>`}
${n.length===0?"":`<p class="dim">reaches ${o(l(n,40))}</p>`}
${e.approvedBy===null?"":`<p class="dim">approved by ${o(e.approvedBy)}</p>`}
${e.help===""?"":`<p class="help">${h(e.help)}</p>`}
</article>`}a(R,"article");function H(e){let t=e.path===null?"":`${e.path}${e.line===null?"":`:${e.line}`}`;return e.commit===null?t:`${t}${t===""?"":" in "}commit ${d(e.commit)}`}a(H,"placeName");function N(e,t){if(t.length===0)return"";let r=t.map(n=>`<tr><td><code>${o(l([n.what,...n.others],20))}</code></td><td>${h(n.reason)}</td><td>${o(n.check)}</td></tr>`);return`<section><h2 class="fix">${e} <small>${w(t)}</small></h2><table>${r.join("")}</table></section>`}a(N,"unverified");function P({rows:e,changes:t}){return e.length===0?"":`<section><h2>Merging will</h2>
<table class="numbers"><tr><th>clusters</th><th>targets</th><th>create</th><th>change</th><th>replace</th><th>delete</th><th>impacts</th><th>waiting</th><th>unknown</th></tr>${e.map(V).join("")}</table>
${t.map(_).join(`
`)}</section>`}a(P,"merging");function V({clusters:e,targets:t,counts:r,impacts:n,waiting:i,unknown:s}){let{create:p,update:g,replace:S,delete:T}=r,I=[p,g,S,T,n,i,s].map((u,M)=>M>=2&&u>0?`<td><b>${u}</b></td>`:`<td>${u}</td>`);return`<tr><td>${o(l(e,8))}</td><td>${o(l(t,4))}</td>${I.join("")}</tr>`}a(V,"tableRow");function _(e){return`<details><summary>${o(l(e.targets,4))} <span class="dim">${c(e.changes.length,"object")}</span></summary>
${y(e.changes).map(q).join(`
`)}</details>`}a(_,"sameChange");function q(e){let t=e.map(({action:r,object:n,source:i,impacts:s})=>{let p=[b(i),s.join(", ")].filter(g=>g!=="").join(": ");return`<p><b>${r}</b> ${o(f(n))}${p===""?"":` <span class="dim">${o(p)}</span>`}</p>`});return`<div class="${e[0].action}">${t.join("")}${z(e[0])}</div>`}a(q,"objectChanges");function z({action:e,fields:t}){if(e==="delete")return"";if(e!=="create")return`<ul>${t.map(s=>`<li><code>${o(O(s,300))}</code></li>`).join("")}</ul>`;let r=C(t),n=r.length-A,i=r.slice(0,A).map(s=>`+ ${s}`);return n>0&&i.push(`  and ${c(n,"more line")}`),i.length===0?"":`<pre>${i.map(o).join(`
`)}</pre>`}a(z,"fieldsOf");function B(e){return e.length===0?"":`<section><details><summary>${c(e.length,"notice")}</summary>${e.map(t=>R(t,"told")).join(`
`)}</details></section>`}a(B,"told");function U({report:e}){let{commits:t}=e.signatures;if(t.length===0)return"";let r=t.map(n=>`<tr><td><code>${o(d(n.sha))}</code></td><td>${o(n.verdict)}</td><td>${o(n.signer??"")}</td><td><code>${o(n.fingerprint??"")}</code></td></tr>`);return`<section><details><summary>${c(t.length,"commit")}</summary><table>${r.join("")}</table></details></section>`}a(U,"signatures");function W(e){return`<section><h2>Checks</h2><table>${e.map(r=>{let n=r.conclusion==="success"?r.mode==="report"?"approve":"ok":"fix",i=v(r.debt);return`<tr><td class="${n}">${o(r.name)}</td><td>${o(r.summary)}</td><td>${r.mode}</td><td>${i}</td></tr>`}).join("")}</table></section>`}a(W,"checks");export{te as writeHtml};
