import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b,c,d,e,f}from"./chunk-RMGR4QDL.mjs";import"./chunk-5LYSV6U5.mjs";import"./chunk-OMWU7ORB.mjs";import"./chunk-J4GWMTJ2.mjs";export{b as describeRules,f as makeBaseline,e as scanStaged,d as scanText,c as scanTree,a as secretsCheck};
