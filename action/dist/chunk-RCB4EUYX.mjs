import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b}from"./chunk-65TYDJ3W.mjs";import"./chunk-AQ56IN6N.mjs";import"./chunk-5FRHAGYO.mjs";import"./chunk-ZLCDI6HF.mjs";import"./chunk-DQ3NRCW4.mjs";import"./chunk-OPYTUK26.mjs";import"./chunk-J4GWMTJ2.mjs";export{a as MARKDOWN_LIMIT,b as writeMarkdown};
