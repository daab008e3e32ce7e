import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);
import{a,b,c,d,e,f,g}from"./chunk-ORLPTEVI.mjs";import"./chunk-3YFEDHFJ.mjs";import"./chunk-AQ56IN6N.mjs";import"./chunk-OMWU7ORB.mjs";import"./chunk-J4GWMTJ2.mjs";export{a as allowListsOf,c as describeRules,g as makeBaseline,f as scanStaged,e as scanText,d as scanTree,b as secretsCheck};
