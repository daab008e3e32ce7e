import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as N,b as _}from"./chunk-TV6RIA5P.mjs";import{a as P}from"./chunk-5FRHAGYO.mjs";import{a as W,c as V}from"./chunk-TNOH63VB.mjs";import{a as y,c as B,d as E,e as j,f as L,g as C,h as O,j as R}from"./chunk-MHURRTAL.mjs";import{c as k,d as b}from"./chunk-2F7YNBOD.mjs";import{a as s}from"./chunk-J4GWMTJ2.mjs";function F(n,e){let t=n.flatMap(a=>a.blocks.map(i=>({section:a,block:i}))),r=t.map((a,i)=>({...a,order:i}));r.sort((a,i)=>a.block.rank-i.block.rank||a.order-i.order);let o=new Set,c=new Set,l=0;for(let{section:a,block:i}of r){let h=c.has(a)?0:M(a.before)+M(a.after),w=M(i.text)+h;if(l+w>e)break;l+=w,o.add(i),c.add(a)}let m=new Map;for(let{section:a,block:i}of t)o.has(i)||m.set(a.name,(m.get(a.name)??0)+(i.things??1));return{text:n.filter(a=>c.has(a)).map(a=>{let i=a.blocks.filter(h=>o.has(h)).map(h=>h.text);return`${a.before}${i.join("")}${a.after}`}).join(""),dropped:m}}s(F,"choose");function M(n){return Buffer.byteLength(n,"utf8")}s(M,"bytes");var S="&ZeroWidthSpace;";function H(n,e){return b(k(n),e).replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;").replace(/@/g,`@${S}`).replace(/#(?=\d)/g,`#${S}`).replace(/\bGH-(?=\d)/gi,t=>`${t}${S}`).replace(/:\/\//g,`:${S}//`).replace(/\bwww\./gi,t=>`${t.slice(0,3)}${S}.`)}s(H,"inertText");function f(n,e=500){return H(n,e).replace(/[\\`*_[\]|~$]/g,"\\$&").replace(/^([-+=#]|\d+[.)])/,t=>`${t.slice(0,-1)}\\${t.slice(-1)}`)}s(f,"markdownText");function D(n,e=300){return H(n,e)}s(D,"markdownHtml");function u(n,e=300){let t=b(k(n),e);if(t.trim()==="")return"` `";let r=Math.max(0,...(t.match(/`+/g)??[]).map(m=>m.length)),o="`".repeat(r+1),c=t.startsWith("`")||t.endsWith("`")||r>0?" ":"",l=t.replace(/\\*\|/g,m=>`${m.slice(0,-1).replace(/\\/g,"\uFF3C")}\\|`);return`${o}${c}${l}${c}${o}`}s(u,"markdownCode");function d(n,e=700){let t=b(n,e).split("`"),r=t.length%2===0?t.pop():void 0;return r!==void 0&&(t[t.length-1]=`${t.at(-1)??""}'${r}`),t.map((o,c)=>c%2===0?o.split(`
`).map(l=>f(l,e)).join("<br>"):u(o,e)).join("")}s(d,"markdownProse");function G(n,e){let t=n.map(c=>b(k(c),400)),r=Math.max(2,...t.flatMap(c=>(c.match(/`+/g)??[]).map(l=>l.length))),o="`".repeat(r+1);return`${o}${e}
${t.join(`
`)}
${o}`}s(G,"markdownBlock");var sn=65535,cn=700,q=5,I=6,J=12,K=12,an=25,ln=/^(?:git|kubectl|sops|gitops-gate|helm|kustomize|gpg|ssh-keygen|mkdir) [^`\n]*$/,p={refusal:0,unverified:1,table:2,checks:3,signatures:4,report:5,approved:6,diff:7,told:8},mn={create:"+",update:"!",replace:"!",delete:"-"};function Gn(n,e=sn){let t=R(n),r=`## ${fn(t)} ${f(t.headline)}
`,o=e-Buffer.byteLength(r)-cn,{text:c,dropped:l}=F(un(t),o);return`${r}${c}${On(l,t)}`}s(Gn,"writeMarkdown");function un(n){return[U("Fix","\u{1F534}",n.fix,p.refusal),pn(n),dn(n.unverified),U("Would refuse (these checks only report)","\u{1F7E0}",n.wouldRefuse,p.report),$n(n),hn(n),Sn(n.verdict),xn(n.approved),wn(n.told),jn(n)]}s(un,"sectionsOf");function fn({verdict:n,wouldRefuse:e}){return n.report.conclusion==="failure"?"\u{1F534}":n.report.conclusion==="error"?"\u26AA":e.length>0?"\u{1F7E0}":"\u{1F7E2}"}s(fn,"emblem");function g(n,e,t,r=`
`){return{name:n,before:e,blocks:t,after:r}}s(g,"section");function U(n,e,t,r){let o=t.map(c=>({rank:r,text:`| ${X(c)} | ${d(c.message)}${Y(c)}${In(c)}${Q(c)} |
`}));return g(n==="Fix"?"mistakes to fix":"findings of reporting checks",`
### ${e} ${n}

| where | what is wrong \u2192 what to do |
|---|---|
`,o)}s(U,"fixSection");function Q(n){return n.help===""?"":`<br>**\u2192** ${A(n)}`}s(Q,"wayOut");function pn({approve:n,approvers:e}){let t=n.map(r=>({rank:p.refusal,text:`
${vn(r)}${d(r.message)}${T(r)}${Y(r)}<br>${A(r)}
`}));return g("changes to approve",`
### \u{1F7E1} Approve (${f(e)})
`,t)}s(pn,"approveSection");function dn(n){let e=n.map(t=>({rank:p.unverified,text:`| ${u(t.what)}${gn(t)} | ${d(t.reason)} | ${t.check} |
`,things:1+t.others.length}));return g("things not verified",`
### \u26AA Not verified

| what | why | check |
|---|---|---|
`,e)}s(dn,"unverifiedSection");function gn({others:n}){if(n.length===0)return"";let e=n.slice(0,q).map(r=>`<br>${u(r)}`),t=n.length-e.length;return`${e.join("")}${t>0?`<br>and ${t} more`:""}`}s(gn,"othersOf");function $n({rows:n}){let e=n.some(i=>i.counts.replace>0),t=n.some(i=>i.unknown>0),r=n.some(i=>i.impacts>0),o=n.some(i=>i.waiting>0),c=n.some(i=>i.targets.length>0),l=["create","change",...e?["replace"]:[],"delete",...r?["impacts"]:[],...o?["waiting"]:[],...t?["unknown"]:[]],m=n.map(i=>{let{create:h,update:w,replace:tn,delete:en}=i.counts,rn=[String(h),String(w),...e?[x(tn)]:[],x(en),...r?[x(i.impacts)]:[],...o?[x(i.waiting)]:[],...t?[x(i.unknown)]:[]],on=c?` ${Z(i.targets)} |`:"";return{rank:p.table,text:`| ${Z(i.clusters)} |${on} ${rn.join(" | ")} |
`}}),a=`
### Merging will

| ${c?"clusters | targets":"targets"} | ${l.join(" | ")} |
|---|${c?"---|":""}${l.map(()=>"--:|").join("")}
`;return g("rows of clusters",a,m)}s($n,"tableSection");function hn({changes:n}){let e=O(n).flatMap(r=>bn(r.changes,an).map(o=>({...r,changes:o}))),t=O(e).map(r=>{let o=r.targets.slice(0,3).map(i=>D(i,120)).join(", "),c=r.targets.length>3?` and ${r.targets.length-3} more`:"",l=r.changes,m=`${o}${c} \xB7 ${y(l.length,"object")}`,$=G(C(l).flatMap(kn),"diff"),a=`<details><summary>${m}</summary>

${$}

</details>
`;return{rank:p.diff,text:a,things:l.length}});return g("object diffs",`
`,t)}s(hn,"diffSection");function bn(n,e){let t=[];for(let r=0;r<n.length;r+=e)t.push(n.slice(r,r+e));return t}s(bn,"chunks");function kn(n){let e=n.map(yn),[{action:t,fields:r}]=n;if(t==="delete")return e;if(t==="create")return[...e,...v(_(r),"+   ")];let o=r.slice(0,J).flatMap(({path:l,from:m,to:$})=>[...z("-",l,m),...z("+",l,$)]),c=r.length-J;return[...e,...o,...c>0?[`    and ${y(c,"more field","more fields")}`]:[]]}s(kn,"objectLines");function yn({action:n,object:e,source:t,impacts:r}){let o=[E(t),r.join(", ")].filter(c=>c!=="").join(": ");return`${mn[n]} ${B(e)}${n==="replace"?" (replaced)":""}${o===""?"":`  # ${o}`}`}s(yn,"headLine");function z(n,e,t){if(t===null)return[];if(t==="")return[`${n}   ${e}: ""`];if(typeof t=="string"&&t.trimEnd().includes(`
`)){let c=t.trimEnd().split(`
`).map(k);return[`${n}   ${e}:`,...v(c,`${n}     `)]}if(typeof t!="object")return[`${n}   ${e}: ${W(t,120)}`];let r=N(t),[o]=r;return r.length===1&&o!==void 0&&/^[[{]/.test(o)?[`${n}   ${e}: ${o}`]:[`${n}   ${e}:`,...v(r,`${n}     `)]}s(z,"fieldLines");function v(n,e){let t=n.length-K;return[...n.slice(0,K).map(r=>`${e}${b(r,160)}`),...t>0?[`${e}\u2026 and ${y(t,"more line")}`]:[]]}s(v,"bounded");function Sn({report:n}){let e=P(n).map(({sha:r,verdict:o,signer:c,fingerprint:l,refusal:m})=>{let $=c===null?"":f(c),a=l===null?"":u(l),i=m===null?"":`${d(m.message)}${Q(m)}`;return{rank:p.signatures,text:`| ${u(j(r))} | ${f(o.replaceAll("_"," "))} | ${$} | ${a} | ${i} |
`}});return g("commits",`
<details><summary>Signatures</summary>

| commit | verdict | signer | key | why \u2192 what to do |
|---|---|---|---|---|
`,e,`
</details>
`)}s(Sn,"signatureSection");function xn(n){let e=n.map(t=>({rank:p.approved,text:`- ${d(t.message)}${T(t)}: approved by ${f(t.approvedBy??"")}
`}));return g("approved changes",`
### \u2705 Approved

`,e)}s(xn,"approvedSection");function wn(n){let e=n.map(t=>({rank:p.told,text:`- ${d(t.message)}${T(t)}${t.help===""?"":`. ${A(t)}`}
`}));return g("notices",`
<details><summary>${y(n.length,"notice")}</summary>

`,e,`
</details>
`)}s(wn,"toldSection");function jn(n){let e=n.verdict.report.checks.map(o=>{let c={success:o.mode==="report"?"\u{1F7E0}":"\u{1F7E2}",failure:"\u{1F534}",error:"\u26AA"}[o.conclusion],l=L(o.debt),m=l===""?"":` (${l})`;return{rank:p.checks,text:`| ${c} ${o.name} | ${f(o.summary)}${m} |
`}}),t=V(n).map(o=>d(o,900)),r=t.length===0?`
`:`
${t.join(" ")}
`;return g("checks",`
### Checks

| check | |
|---|---|
`,e,r)}s(jn,"checksSection");function On(n,{showAll:e}){if(n.size===0)return"";let t=[...n].map(([o,c])=>`${c} ${o}`),r=e===null?"use `--format json`":`\`${e}\` shows them all`;return`
**Left out to fit:** ${t.join(", ")}; ${r}.
`}s(On,"droppedLine");function Mn(n){let e=n.path===null?"":u(n.line===null?n.path:`${n.path}:${n.line}`);if(n.commit===null)return e;let t=u(j(n.commit));return e===""?`commit ${t}`:`${e} in ${t}`}s(Mn,"placeCode");function X(n){if(n.places.length===0)return u(n.ruleId);let e=n.places.slice(0,q).map(Mn),t=n.places.length-e.length;return`${e.join("<br>")}${t>0?`<br>and ${t} more`:""}`}s(X,"placesOf");function T(n){return n.places.length===0?"":` (${X(n).replaceAll("<br>",", ")})`}s(T,"placeAside");function Y(n){return n.excerpt===null?"":`<br>${u(n.excerpt.text.trim(),160)}`}s(Y,"excerptOf");function A({help:n}){return ln.test(n)?u(n,700):d(n)}s(A,"helpOf");function In(n){let e=nn(n);return e===""?"":`<br>reaches ${e}`}s(In,"reachOf");function vn(n){let t=n.clusters.length===0&&n.targets.some(r=>n.message.startsWith(r))?"":nn(n);return t===""?"":`**${t}**: `}s(vn,"reachedBy");function nn(n){let e=n.clusters.length>0?n.clusters:n.targets,t=e.slice(0,I).map(r=>f(r,100)).join(", ");return e.length>I?`${t} and ${e.length-I} more`:t}s(nn,"reached");function Z(n){let[e="",...t]=n.map(r=>f(r,100));return t.length===0?e:t.length===1?`${e}, ${t[0]}`:`${e} and ${t.length} alike`}s(Z,"alike");function x(n){return n>0?`**${n}**`:"0"}s(x,"hot");export{sn as a,Gn as b};
