import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as R}from"./chunk-5FRHAGYO.mjs";import{a as y,c as C}from"./chunk-WL6OI5KT.mjs";import{a as S,c as A,d as x,e as B,g as E}from"./chunk-IAQY4GFI.mjs";import{a as w,b as k}from"./chunk-OPYTUK26.mjs";import{a as o}from"./chunk-J4GWMTJ2.mjs";function L(n,e){let t=n.flatMap(a=>a.blocks.map(l=>({section:a,block:l}))),r=t.map((a,l)=>({...a,order:l}));r.sort((a,l)=>a.block.rank-l.block.rank||a.order-l.order);let s=new Set,c=new Set,i=0;for(let{section:a,block:l}of r){let $=c.has(a)?0:O(a.before)+O(a.after),T=O(l.text)+$;if(i+T>e)break;i+=T,s.add(l),c.add(a)}let u=new Map;for(let{section:a,block:l}of t)s.has(l)||u.set(a.name,(u.get(a.name)??0)+(l.things??1));return{text:n.filter(a=>c.has(a)).map(a=>{let l=a.blocks.filter($=>s.has($)).map($=>$.text);return`${a.before}${l.join("")}${a.after}`}).join(""),dropped:u}}o(L,"choose");function O(n){return Buffer.byteLength(n,"utf8")}o(O,"bytes");var b="&ZeroWidthSpace;";function N(n,e){return k(w(n),e).replaceAll("&","&amp;").replaceAll("<","&lt;").replaceAll(">","&gt;").replace(/@/g,`@${b}`).replace(/#(?=\d)/g,`#${b}`).replace(/\bGH-(?=\d)/gi,t=>`${t}${b}`).replace(/:\/\//g,`:${b}//`).replace(/\bwww\./gi,t=>`${t.slice(0,3)}${b}.`)}o(N,"inertText");function f(n,e=500){return N(n,e).replace(/[\\`*_[\]|~$]/g,"\\$&").replace(/^([-+=#]|\d+[.)])/,t=>`${t.slice(0,-1)}\\${t.slice(-1)}`)}o(f,"markdownText");function _(n,e=300){return N(n,e)}o(_,"markdownHtml");function p(n,e=300){let t=k(w(n),e);if(t.trim()==="")return"` `";let r=Math.max(0,...(t.match(/`+/g)??[]).map(u=>u.length)),s="`".repeat(r+1),c=t.startsWith("`")||t.endsWith("`")||r>0?" ":"",i=t.replace(/\\*\|/g,u=>`${u.slice(0,-1).replace(/\\/g,"\uFF3C")}\\|`);return`${s}${c}${i}${c}${s}`}o(p,"markdownCode");function d(n,e=700){let t=k(n,e).split("`"),r=t.length%2===0?t.pop():void 0;return r!==void 0&&(t[t.length-1]=`${t.at(-1)??""}'${r}`),t.map((s,c)=>c%2===0?s.split(`
`).map(i=>f(i,e)).join("<br>"):p(s,e)).join("")}o(d,"markdownProse");function P(n,e){let t=n.map(c=>k(w(c),400)),r=Math.max(2,...t.flatMap(c=>(c.match(/`+/g)??[]).map(i=>i.length))),s="`".repeat(r+1);return`${s}${e}
${t.join(`
`)}
${s}`}o(P,"markdownBlock");var z=65535,J=700,H=5,j=6,W=12,Z=25,q=/^(?:git|kubectl|sops|gitops-gate|helm|kustomize|gpg|ssh-keygen|mkdir) [^`\n]*$/,m={refusal:0,unverified:1,table:2,checks:3,signatures:4,report:5,approved:6,diff:7,told:8},F={create:"+",update:"!",replace:"!",delete:"-"};function In(n,e=z){let t=E(n),r=`## ${X(t)} ${f(t.headline)}
`,s=e-Buffer.byteLength(r)-J,{text:c,dropped:i}=L(Q(t),s);return`${r}${c}${pn(i,t)}`}o(In,"writeMarkdown");function Q(n){return[V("Fix","\u{1F534}",n.fix,m.refusal),Y(n),nn(n.unverified),V("Would refuse (these checks only report)","\u{1F7E0}",n.wouldRefuse,m.report),en(n),rn(n),sn(n.verdict),an(n.approved),ln(n.told),un(n)]}o(Q,"sectionsOf");function X({verdict:n,wouldRefuse:e}){return n.report.conclusion==="failure"?"\u{1F534}":n.report.conclusion==="error"?"\u26AA":e.length>0?"\u{1F7E0}":"\u{1F7E2}"}o(X,"emblem");function g(n,e,t,r=`
`){return{name:n,before:e,blocks:t,after:r}}o(g,"section");function V(n,e,t,r){let s=t.map(c=>({rank:r,text:`| ${G(c)} | ${d(c.message)}${K(c)}${mn(c)}${D(c)} |
`}));return g(n==="Fix"?"mistakes to fix":"findings of reporting checks",`
### ${e} ${n}

| where | what is wrong \u2192 what to do |
|---|---|
`,s)}o(V,"fixSection");function D(n){return n.help===""?"":`<br>**\u2192** ${I(n)}`}o(D,"wayOut");function Y({approve:n,approvers:e}){let t=n.map(r=>({rank:m.refusal,text:`
${dn(r)}${d(r.message)}${M(r)}${K(r)}<br>${I(r)}
`}));return g("changes to approve",`
### \u{1F7E1} Approve (${f(e)})
`,t)}o(Y,"approveSection");function nn(n){let e=n.map(t=>({rank:m.unverified,text:`| ${p(t.what)}${tn(t)} | ${d(t.reason)} | ${t.check} |
`,things:1+t.others.length}));return g("things not verified",`
### \u26AA Not verified

| what | why | check |
|---|---|---|
`,e)}o(nn,"unverifiedSection");function tn({others:n}){if(n.length===0)return"";let e=n.slice(0,H).map(r=>`<br>${p(r)}`),t=n.length-e.length;return`${e.join("")}${t>0?`<br>and ${t} more`:""}`}o(tn,"othersOf");function en({rows:n}){let e=n.some(i=>i.counts.replace>0),t=n.some(i=>i.unknown>0),r=["create","change",...e?["replace"]:[],"delete",...t?["unknown"]:[]],s=n.map(i=>{let{create:u,update:h,replace:a,delete:l}=i.counts,$=[String(u),String(h),...e?[v(a)]:[],v(l),...t?[v(i.unknown)]:[]];return{rank:m.table,text:`| ${gn(i)} | ${$.join(" | ")} |
`}}),c=`
### Merging will

| clusters | ${r.join(" | ")} |
|---|${r.map(()=>"--:|").join("")}
`;return g("rows of clusters",c,s)}o(en,"tableSection");function rn({changes:n}){let e=n.flatMap(t=>{let r=t.targets.slice(0,3).map(c=>_(c,120)).join(", "),s=t.targets.length>3?` and ${t.targets.length-3} more`:"";return on(t.changes,Z).map(c=>{let i=`${r}${s} \xB7 ${S(c.length,"object")}`,u=P(c.flatMap(cn),"diff"),h=`<details><summary>${i}</summary>

${u}

</details>
`;return{rank:m.diff,text:h,things:c.length}})});return g("object diffs",`
`,e)}o(rn,"diffSection");function on(n,e){let t=[];for(let r=0;r<n.length;r+=e)t.push(n.slice(r,r+e));return t}o(on,"chunks");function cn(n){let e=A(n.object);if(n.action==="create"||n.action==="delete")return[`${F[n.action]} ${e}`];let t=n.fields.slice(0,W).flatMap(({path:s,from:c,to:i})=>[...c===null?[]:[`-   ${s}: ${y(c,120)}`],...i===null?[]:[`+   ${s}: ${y(i,120)}`]]),r=n.fields.length-W;return[`${F[n.action]} ${e}${n.action==="replace"?" (replaced)":""}`,...t,...r>0?[`    and ${S(r,"more field","more fields")}`]:[]]}o(cn,"objectLines");function sn({report:n}){let e=R(n).map(({sha:r,verdict:s,signer:c,fingerprint:i,refusal:u})=>{let h=c===null?"":f(c),a=i===null?"":p(i),l=u===null?"":`${d(u.message)}${D(u)}`;return{rank:m.signatures,text:`| ${p(x(r))} | ${f(s.replaceAll("_"," "))} | ${h} | ${a} | ${l} |
`}});return g("commits",`
<details><summary>Signatures</summary>

| commit | verdict | signer | key | why \u2192 what to do |
|---|---|---|---|---|
`,e,`
</details>
`)}o(sn,"signatureSection");function an(n){let e=n.map(t=>({rank:m.approved,text:`- ${d(t.message)}${M(t)}: approved by ${f(t.approvedBy??"")}
`}));return g("approved changes",`
### \u2705 Approved

`,e)}o(an,"approvedSection");function ln(n){let e=n.map(t=>({rank:m.told,text:`- ${d(t.message)}${M(t)}${t.help===""?"":`. ${I(t)}`}
`}));return g("notices",`
<details><summary>${S(n.length,"notice")}</summary>

`,e,`
</details>
`)}o(ln,"toldSection");function un(n){let e=n.verdict.report.checks.map(s=>{let c={success:s.mode==="report"?"\u{1F7E0}":"\u{1F7E2}",failure:"\u{1F534}",error:"\u26AA"}[s.conclusion],i=B(s.debt),u=i===""?"":` (${i})`;return{rank:m.checks,text:`| ${c} ${s.name} | ${f(s.summary)}${u} |
`}}),t=C(n).map(s=>d(s,900)),r=t.length===0?`
`:`
${t.join(" ")}
`;return g("checks",`
### Checks

| check | |
|---|---|
`,e,r)}o(un,"checksSection");function pn(n,{showAll:e}){if(n.size===0)return"";let t=[...n].map(([s,c])=>`${c} ${s}`),r=e===null?"use `--format json`":`\`${e}\` shows them all`;return`
**Left out to fit:** ${t.join(", ")}; ${r}.
`}o(pn,"droppedLine");function fn(n){let e=n.path===null?"":p(n.line===null?n.path:`${n.path}:${n.line}`);if(n.commit===null)return e;let t=p(x(n.commit));return e===""?`commit ${t}`:`${e} in ${t}`}o(fn,"placeCode");function G(n){if(n.places.length===0)return p(n.ruleId);let e=n.places.slice(0,H).map(fn),t=n.places.length-e.length;return`${e.join("<br>")}${t>0?`<br>and ${t} more`:""}`}o(G,"placesOf");function M(n){return n.places.length===0?"":` (${G(n).replaceAll("<br>",", ")})`}o(M,"placeAside");function K(n){return n.excerpt===null?"":`<br>${p(n.excerpt.text.trim(),160)}`}o(K,"excerptOf");function I({help:n}){return q.test(n)?p(n,700):d(n)}o(I,"helpOf");function mn(n){let e=U(n);return e===""?"":`<br>reaches ${e}`}o(mn,"reachOf");function dn(n){let e=U(n);return e===""?"":`**${e}**: `}o(dn,"reachedBy");function U(n){let e=n.clusters.length>0?n.clusters:n.targets,t=e.slice(0,j).map(r=>f(r,100)).join(", ");return e.length>j?`${t} and ${e.length-j} more`:t}o(U,"reached");function gn(n){let[e="",...t]=n.clusters.map(r=>f(r,100));return t.length===0?e:t.length===1?`${e}, ${t[0]}`:`${e} and ${t.length} alike`}o(gn,"clusterNames");function v(n){return n>0?`**${n}**`:"0"}o(v,"hot");export{z as a,In as b};
