import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{h as u}from"./chunk-DQ3NRCW4.mjs";import{a as i,b as c}from"./chunk-OPYTUK26.mjs";import{a as r}from"./chunk-J4GWMTJ2.mjs";var p=10,$=4e3;function j(n){let e=u(n),t=[...e.fix.map(g),...e.unverified.map(A)],o=[...e.approve,...e.wouldRefuse].map(g),l=[...f("error",t),...f("warning",o)],a=Math.max(0,t.length-p)+Math.max(0,o.length-p);if(a>0){let s=`${a} more are not annotated; the report lists them all`;l.push(h("notice",{file:null,line:null,title:"gitops-gate",message:s}))}return l.push(`gitops-gate: ${i(e.headline).replaceAll("##[","##\\[")}`),`${l.join(`
`)}
`}r(j,"writeGithub");function f(n,e){return e.slice(0,p).map(t=>h(n,t))}r(f,"commands");function g(n){let e=n.places.find(t=>t.path!==null);return{file:e?.path??null,line:e?.line??null,title:n.ruleId,message:n.help===""?n.message:`${n.message}
${n.help}`}}r(g,"annotationOf");function A(n){return{file:null,line:null,title:`${n.check}: not verified`,message:`${n.what}${n.others.length===0?"":` and ${n.others.length} more`}: ${n.reason}`}}r(A,"annotationOfUnverified");function h(n,{file:e,line:t,title:o,message:l}){let a=[...e===null?[]:[`file=${m(i(e))}`],...t===null?[]:[`line=${t}`],`title=${m(c(i(o),255))}`],s=c(l,$).split(`
`).map(i);return`::${n} ${a.join(",")}::${d(s.join(`
`))}`}r(h,"command");function d(n){return n.replaceAll("%","%25").replaceAll("\r","%0D").replaceAll(`
`,"%0A")}r(d,"data");function m(n){return d(n).replaceAll(":","%3A").replaceAll(",","%2C")}r(m,"property");export{j as writeGithub};
