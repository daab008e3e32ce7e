import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{b as f,c as y}from"./chunk-ZLCDI6HF.mjs";import{a as d,b as s,c as g,e as l,f as $,h as b,i as v}from"./chunk-DQ3NRCW4.mjs";import{a as u}from"./chunk-OPYTUK26.mjs";import{a}from"./chunk-J4GWMTJ2.mjs";import{createHash as A}from"node:crypto";var h=`
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
.numbers td:not(:first-child),.numbers th:not(:first-child){text-align:right}
details{margin:.6rem 0}summary{cursor:pointer}.delete>p>b,.replace>p>b{color:var(--red)}.create>p>b{color:var(--green)}
`;function F(e){let t=b(e);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${A("sha256").update(h).digest("base64")}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${o(t.headline)}</title>
<style>${h}</style>
</head>
<body>
${R(t)}
${c("Fix","fix",t.fix)}
${c(`Approve (${t.approvers})`,"approve",t.approve)}
${I("Not verified",t.unverified)}
${c("Would refuse: these checks only report","approve",t.wouldRefuse)}
${M(t)}
${c("Approved","ok",t.approved)}
${E(t.told)}
${N(e)}
${P(e.report.checks)}
${y(t).map(n=>`<p class="dim">${p(n)}</p>`).join(`
`)}
</body>
</html>
`}a(F,"writeHtml");function o(e){return u(e).replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;").replaceAll('"',"&quot;").replaceAll("'","&#39;")}a(o,"esc");function p(e){return e.split(`
`).map(t=>t.split("`").map((r,n,i)=>n%2===1&&n<i.length-1?`<code>${o(r)}</code>`:o(r)).join("")).join("<br>")}a(p,"prose");function R({headline:e,verdict:t}){let{report:r}=t,n={success:"ok",failure:"fix",error:"fix"}[r.conclusion],i=r.base===null||r.head===null?"":`<p class="dim">merging <code>${o(l(r.head))}</code> into <code>${o(l(r.base))}</code></p>`;return`<header class="${n}"><h1>${o(e)}</h1>${i}</header>`}a(R,"header");function c(e,t,r){return r.length===0?"":`<section><h2 class="${t}">${o(e)} <small>${r.length}</small></h2>${r.map(n=>w(n,t)).join(`
`)}</section>`}a(c,"issues");function w(e,t){let r=e.places.map(S),n=e.clusters.length>0?e.clusters:e.targets;return`<article class="${t}">
<p class="place">${r.length===0?"":`<code>${o(s(r,20))}</code> `}<span class="dim">${o(e.ruleId)}</span></p>
<p>${p(e.message)}</p>
${e.excerpt===null?"":`<pre>${e.excerpt.line} \u2502 ${o(e.excerpt.text.trimEnd())}</pre>`}
${n.length===0?"":`<p class="dim">reaches ${o(s(n,40))}</p>`}
${e.approvedBy===null?"":`<p class="dim">approved by ${o(e.approvedBy)}</p>`}
${e.help===""?"":`<p class="help">${p(e.help)}</p>`}
</article>`}a(w,"article");function S(e){let t=e.path===null?"":`${e.path}${e.line===null?"":`:${e.line}`}`;return e.commit===null?t:`${t}${t===""?"":" in "}commit ${l(e.commit)}`}a(S,"placeName");function I(e,t){if(t.length===0)return"";let r=t.map(n=>`<tr><td><code>${o(s([n.what,...n.others],20))}</code></td><td>${p(n.reason)}</td><td>${o(n.check)}</td></tr>`);return`<section><h2 class="fix">${e} <small>${v(t)}</small></h2><table>${r.join("")}</table></section>`}a(I,"unverified");function M({rows:e,changes:t}){return e.length===0?"":`<section><h2>Merging will</h2>
<table class="numbers"><tr><th>clusters</th><th>create</th><th>change</th><th>replace</th><th>delete</th><th>impacts</th><th>unknown</th></tr>${e.map(T).join("")}</table>
${t.map(H).join(`
`)}</section>`}a(M,"merging");function T({clusters:e,counts:t,impacts:r,unknown:n}){let{create:i,update:x,replace:j,delete:C}=t,k=[i,x,j,C,r,n].map((m,O)=>O>=2&&m>0?`<td><b>${m}</b></td>`:`<td>${m}</td>`);return`<tr><td>${o(s(e,8))}</td>${k.join("")}</tr>`}a(T,"tableRow");function H(e){return`<details><summary>${o(s(e.targets,4))} <span class="dim">${d(e.changes.length,"object")}</span></summary>
${e.changes.map(L).join(`
`)}</details>`}a(H,"sameChange");function L(e){let r=e.action==="create"||e.action==="delete"?"":`<ul>${e.fields.map(n=>`<li><code>${o(f(n,300))}</code></li>`).join("")}</ul>`;return`<div class="${e.action}"><p><b>${e.action}</b> ${o(g(e.object))}${e.impacts.length===0?"":` <span class="dim">${o(e.impacts.join(", "))}</span>`}</p>${r}</div>`}a(L,"objectChange");function E(e){return e.length===0?"":`<section><details><summary>${d(e.length,"notice")}</summary>${e.map(t=>w(t,"told")).join(`
`)}</details></section>`}a(E,"told");function N({report:e}){let{commits:t}=e.signatures;if(t.length===0)return"";let r=t.map(n=>`<tr><td><code>${o(l(n.sha))}</code></td><td>${o(n.verdict)}</td><td>${o(n.signer??"")}</td><td><code>${o(n.fingerprint??"")}</code></td></tr>`);return`<section><details><summary>${d(t.length,"commit")}</summary><table>${r.join("")}</table></details></section>`}a(N,"signatures");function P(e){return`<section><h2>Checks</h2><table>${e.map(r=>{let n=r.conclusion==="success"?r.mode==="report"?"approve":"ok":"fix",i=$(r.debt);return`<tr><td class="${n}">${o(r.name)}</td><td>${o(r.summary)}</td><td>${r.mode}</td><td>${i}</td></tr>`}).join("")}</table></section>`}a(P,"checks");export{F as writeHtml};
