import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as tn}from"./chunk-AQ56IN6N.mjs";import{a as v}from"./chunk-5FRHAGYO.mjs";import{a as N,c as _}from"./chunk-ZLCDI6HF.mjs";import{a as y,c as E,d as R,e as M,f as B,h as V}from"./chunk-DQ3NRCW4.mjs";import{a as b,b as d}from"./chunk-OPYTUK26.mjs";import{a as o,e as nn}from"./chunk-J4GWMTJ2.mjs";function W(n,e){let t=n.flatMap(l=>l.blocks.map(m=>({section:l,block:m}))),r=t.map((l,m)=>({...l,order:m}));r.sort((l,m)=>l.block.rank-m.block.rank||l.order-m.order);let s=new Set,c=new Set,a=0;for(let{section:l,block:m}of r){let k=c.has(l)?0:A(l.before)+A(l.after),w=A(m.text)+k;if(a+w>e)break;a+=w,s.add(m),c.add(l)}let i=new Map;for(let{section:l,block:m}of t)s.has(m)||i.set(l.name,(i.get(l.name)??0)+(m.things??1));return{text:n.filter(l=>c.has(l)).map(l=>{let m=l.blocks.filter(k=>s.has(k)).map(k=>k.text);return`${l.before}${m.join("")}${l.after}`}).join(""),dropped:i}}o(W,"choose");function A(n){return Buffer.byteLength(n,"utf8")}o(A,"bytes");var S="&ZeroWidthSpace;";function F(n,e){return d(b(n),e).replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;").replace(/@/g,`@${S}`).replace(/#(?=\d)/g,`#${S}`).replace(/\bGH-(?=\d)/gi,t=>`${t}${S}`).replace(/:\/\//g,`:${S}//`).replace(/\bwww\./gi,t=>`${t.slice(0,3)}${S}.`)}o(F,"inertText");function f(n,e=500){return F(n,e).replace(/[\\`*_[\]|~$]/g,"\\$&").replace(/^([-+=#]|\d+[.)])/,t=>`${t.slice(0,-1)}\\${t.slice(-1)}`)}o(f,"markdownText");function J(n,e=300){return F(n,e)}o(J,"markdownHtml");function u(n,e=300){let t=d(b(n),e);if(t.trim()==="")return"` `";let r=Math.max(0,...(t.match(/`+/g)??[]).map(i=>i.length)),s="`".repeat(r+1),c=t.startsWith("`")||t.endsWith("`")||r>0?" ":"",a=t.replace(/\\*\|/g,i=>`${i.slice(0,-1).replace(/\\/g,"\uFF3C")}\\|`);return`${s}${c}${a}${c}${s}`}o(u,"markdownCode");function g(n,e=700){let t=d(n,e).split("`"),r=t.length%2===0?t.pop():void 0;return r!==void 0&&(t[t.length-1]=`${t.at(-1)??""}'${r}`),t.map((s,c)=>c%2===0?s.split(`
`).map(a=>f(a,e)).join("<br>"):u(s,e)).join("")}o(g,"markdownProse");function P(n,e){let t=n.map(c=>d(b(c),400)),r=Math.max(2,...t.flatMap(c=>(c.match(/`+/g)??[]).map(a=>a.length))),s="`".repeat(r+1);return`${s}${e}
${t.join(`
`)}
${s}`}o(P,"markdownBlock");var H=nn(tn(),1);var en=400;function j(n){return n===null?[]:n===""?['""']:typeof n=="string"?[x(n)]:typeof n!="object"?[JSON.stringify(n)]:(Array.isArray(n)?n.length===0:Object.keys(n).length===0)?[Array.isArray(n)?"[]":"{}"]:rn(n)}o(j,"valueLines");function D(n){return n.flatMap(({path:e,to:t})=>{if(typeof t!="object"||t===null)return[`${x(e)}: ${j(t).join(" ")}`];let r=j(t);return r.length===1&&/^[[{]/.test(r[0]??"")?[`${x(e)}: ${r[0]}`]:[`${x(e)}:`,...r.map(s=>`  ${s}`)]})}o(D,"createdLines");function rn(n){return(0,H.stringify)(n,{lineWidth:0,aliasDuplicateObjects:!1}).replace(/\n$/,"").split(`
`).map(x)}o(rn,"yamlLines");function x(n){return d(b(n),en)}o(x,"shown");var on=65535,sn=700,Z=5,I=6,G=12,K=12,cn=25,an=/^(?:git|kubectl|sops|gitops-gate|helm|kustomize|gpg|ssh-keygen|mkdir) [^`\n]*$/,p={refusal:0,unverified:1,table:2,checks:3,signatures:4,report:5,approved:6,diff:7,told:8},ln={create:"+",update:"!",replace:"!",delete:"-"};function Kn(n,e=on){let t=V(n),r=`## ${un(t)} ${f(t.headline)}
`,s=e-Buffer.byteLength(r)-sn,{text:c,dropped:a}=W(mn(t),s);return`${r}${c}${jn(a,t)}`}o(Kn,"writeMarkdown");function mn(n){return[U("Fix","\u{1F534}",n.fix,p.refusal),fn(n),pn(n.unverified),U("Would refuse (these checks only report)","\u{1F7E0}",n.wouldRefuse,p.report),gn(n),$n(n),yn(n.verdict),Sn(n.approved),xn(n.told),wn(n)]}o(mn,"sectionsOf");function un({verdict:n,wouldRefuse:e}){return n.report.conclusion==="failure"?"\u{1F534}":n.report.conclusion==="error"?"\u26AA":e.length>0?"\u{1F7E0}":"\u{1F7E2}"}o(un,"emblem");function $(n,e,t,r=`
`){return{name:n,before:e,blocks:t,after:r}}o($,"section");function U(n,e,t,r){let s=t.map(c=>({rank:r,text:`| ${Q(c)} | ${g(c.message)}${X(c)}${Mn(c)}${q(c)} |
`}));return $(n==="Fix"?"mistakes to fix":"findings of reporting checks",`
### ${e} ${n}

| where | what is wrong \u2192 what to do |
|---|---|
`,s)}o(U,"fixSection");function q(n){return n.help===""?"":`<br>**\u2192** ${L(n)}`}o(q,"wayOut");function fn({approve:n,approvers:e}){let t=n.map(r=>({rank:p.refusal,text:`
${An(r)}${g(r.message)}${T(r)}${X(r)}<br>${L(r)}
`}));return $("changes to approve",`
### \u{1F7E1} Approve (${f(e)})
`,t)}o(fn,"approveSection");function pn(n){let e=n.map(t=>({rank:p.unverified,text:`| ${u(t.what)}${dn(t)} | ${g(t.reason)} | ${t.check} |
`,things:1+t.others.length}));return $("things not verified",`
### \u26AA Not verified

| what | why | check |
|---|---|---|
`,e)}o(pn,"unverifiedSection");function dn({others:n}){if(n.length===0)return"";let e=n.slice(0,Z).map(r=>`<br>${u(r)}`),t=n.length-e.length;return`${e.join("")}${t>0?`<br>and ${t} more`:""}`}o(dn,"othersOf");function gn({rows:n}){let e=n.some(i=>i.counts.replace>0),t=n.some(i=>i.unknown>0),r=n.some(i=>i.impacts>0),s=["create","change",...e?["replace"]:[],"delete",...r?["impacts"]:[],...t?["unknown"]:[]],c=n.map(i=>{let{create:h,update:l,replace:m,delete:k}=i.counts,w=[String(h),String(l),...e?[O(m)]:[],O(k),...r?[O(i.impacts)]:[],...t?[O(i.unknown)]:[]];return{rank:p.table,text:`| ${In(i)} | ${w.join(" | ")} |
`}}),a=`
### Merging will

| clusters | ${s.join(" | ")} |
|---|${s.map(()=>"--:|").join("")}
`;return $("rows of clusters",a,c)}o(gn,"tableSection");function $n({changes:n}){let e=[...n].sort(hn).flatMap(t=>{let r=t.targets.slice(0,3).map(c=>J(c,120)).join(", "),s=t.targets.length>3?` and ${t.targets.length-3} more`:"";return bn(t.changes,cn).map(c=>{let a=`${r}${s} \xB7 ${y(c.length,"object")}`,i=P(c.flatMap(kn),"diff"),h=`<details><summary>${a}</summary>

${i}

</details>
`;return{rank:p.diff,text:h,things:c.length}})});return $("object diffs",`
`,e)}o($n,"diffSection");function hn(n,e){let t=o(({changes:r})=>r.some(({action:s})=>s==="delete"||s==="replace")?2:r.some(({impacts:s})=>s.length>0)?1:0,"weight");return t(e)-t(n)}o(hn,"byWeight");function bn(n,e){let t=[];for(let r=0;r<n.length;r+=e)t.push(n.slice(r,r+e));return t}o(bn,"chunks");function kn(n){let e=E(n.object),t=[R(n.source),n.impacts.join(", ")].filter(a=>a!=="").join(": "),r=`${ln[n.action]} ${e}${n.action==="replace"?" (replaced)":""}${t===""?"":`  # ${t}`}`;if(n.action==="delete")return[r];if(n.action==="create")return[r,...C(D(n.fields),"+   ")];let s=n.fields.slice(0,G).flatMap(({path:a,from:i,to:h})=>[...z("-",a,i),...z("+",a,h)]),c=n.fields.length-G;return[r,...s,...c>0?[`    and ${y(c,"more field","more fields")}`]:[]]}o(kn,"objectLines");function z(n,e,t){if(t===null)return[];if(t==="")return[`${n}   ${e}: ""`];if(typeof t=="string"&&t.trimEnd().includes(`
`)){let c=t.trimEnd().split(`
`).map(b);return[`${n}   ${e}:`,...C(c,`${n}     `)]}if(typeof t!="object")return[`${n}   ${e}: ${N(t,120)}`];let r=j(t),[s]=r;return r.length===1&&s!==void 0&&/^[[{]/.test(s)?[`${n}   ${e}: ${s}`]:[`${n}   ${e}:`,...C(r,`${n}     `)]}o(z,"fieldLines");function C(n,e){let t=n.length-K;return[...n.slice(0,K).map(r=>`${e}${d(r,160)}`),...t>0?[`${e}\u2026 and ${y(t,"more line")}`]:[]]}o(C,"bounded");function yn({report:n}){let e=v(n).map(({sha:r,verdict:s,signer:c,fingerprint:a,refusal:i})=>{let h=c===null?"":f(c),l=a===null?"":u(a),m=i===null?"":`${g(i.message)}${q(i)}`;return{rank:p.signatures,text:`| ${u(M(r))} | ${f(s.replaceAll("_"," "))} | ${h} | ${l} | ${m} |
`}});return $("commits",`
<details><summary>Signatures</summary>

| commit | verdict | signer | key | why \u2192 what to do |
|---|---|---|---|---|
`,e,`
</details>
`)}o(yn,"signatureSection");function Sn(n){let e=n.map(t=>({rank:p.approved,text:`- ${g(t.message)}${T(t)}: approved by ${f(t.approvedBy??"")}
`}));return $("approved changes",`
### \u2705 Approved

`,e)}o(Sn,"approvedSection");function xn(n){let e=n.map(t=>({rank:p.told,text:`- ${g(t.message)}${T(t)}${t.help===""?"":`. ${L(t)}`}
`}));return $("notices",`
<details><summary>${y(n.length,"notice")}</summary>

`,e,`
</details>
`)}o(xn,"toldSection");function wn(n){let e=n.verdict.report.checks.map(s=>{let c={success:s.mode==="report"?"\u{1F7E0}":"\u{1F7E2}",failure:"\u{1F534}",error:"\u26AA"}[s.conclusion],a=B(s.debt),i=a===""?"":` (${a})`;return{rank:p.checks,text:`| ${c} ${s.name} | ${f(s.summary)}${i} |
`}}),t=_(n).map(s=>g(s,900)),r=t.length===0?`
`:`
${t.join(" ")}
`;return $("checks",`
### Checks

| check | |
|---|---|
`,e,r)}o(wn,"checksSection");function jn(n,{showAll:e}){if(n.size===0)return"";let t=[...n].map(([s,c])=>`${c} ${s}`),r=e===null?"use `--format json`":`\`${e}\` shows them all`;return`
**Left out to fit:** ${t.join(", ")}; ${r}.
`}o(jn,"droppedLine");function On(n){let e=n.path===null?"":u(n.line===null?n.path:`${n.path}:${n.line}`);if(n.commit===null)return e;let t=u(M(n.commit));return e===""?`commit ${t}`:`${e} in ${t}`}o(On,"placeCode");function Q(n){if(n.places.length===0)return u(n.ruleId);let e=n.places.slice(0,Z).map(On),t=n.places.length-e.length;return`${e.join("<br>")}${t>0?`<br>and ${t} more`:""}`}o(Q,"placesOf");function T(n){return n.places.length===0?"":` (${Q(n).replaceAll("<br>",", ")})`}o(T,"placeAside");function X(n){return n.excerpt===null?"":`<br>${u(n.excerpt.text.trim(),160)}`}o(X,"excerptOf");function L({help:n}){return an.test(n)?u(n,700):g(n)}o(L,"helpOf");function Mn(n){let e=Y(n);return e===""?"":`<br>reaches ${e}`}o(Mn,"reachOf");function An(n){let t=n.clusters.length===0&&n.targets.some(r=>n.message.startsWith(r))?"":Y(n);return t===""?"":`**${t}**: `}o(An,"reachedBy");function Y(n){let e=n.clusters.length>0?n.clusters:n.targets,t=e.slice(0,I).map(r=>f(r,100)).join(", ");return e.length>I?`${t} and ${e.length-I} more`:t}o(Y,"reached");function In(n){let[e="",...t]=n.clusters.map(r=>f(r,100));return t.length===0?e:t.length===1?`${e}, ${t[0]}`:`${e} and ${t.length} alike`}o(In,"clusterNames");function O(n){return n>0?`**${n}**`:"0"}o(O,"hot");export{on as a,Kn as b};
