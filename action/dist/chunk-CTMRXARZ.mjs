import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b}from"./chunk-4WKNKL6W.mjs";import"./chunk-5FRHAGYO.mjs";import"./chunk-LMXUAM2T.mjs";import"./chunk-IAQY4GFI.mjs";import"./chunk-OPYTUK26.mjs";import"./chunk-J4GWMTJ2.mjs";export{a as MARKDOWN_LIMIT,b as writeMarkdown};
