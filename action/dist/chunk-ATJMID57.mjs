import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b}from"./chunk-53RI5SQR.mjs";import"./chunk-5FRHAGYO.mjs";import"./chunk-WL6OI5KT.mjs";import"./chunk-IAQY4GFI.mjs";import"./chunk-OPYTUK26.mjs";import"./chunk-J4GWMTJ2.mjs";export{a as MARKDOWN_LIMIT,b as writeMarkdown};
