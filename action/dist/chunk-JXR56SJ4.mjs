import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a as n}from"./chunk-J4GWMTJ2.mjs";var u={bold:[1,22],dim:[2,22],red:[31,39],green:[32,39],yellow:[33,39],cyan:[36,39]};function d(r){return r?(e,...t)=>(e===""?[]:t).reduce((o,l)=>{let[y,i]=u[l];return`\x1B[${y}m${o}\x1B[${i}m`},e):e=>e}n(d,"painter");export{d as a};
