#!/usr/bin/env node
/**
 * Cuts the operations that the App and the Action use out of GitHub's official OpenAPI description, so that the
 * GitHub of the tests can be checked against it without carrying the whole description (404 MB).
 *
 *   npm install --prefix /somewhere @octokit/openapi@23.0.2
 *   node scripts/cut-openapi.mjs /somewhere/node_modules/@octokit/openapi/generated/api.github.com.json
 *
 * Writes test/github/openapi.json: paths, parameters, request and answer bodies, and the components they reach.
 * Descriptions, examples, headers and extensions are left out; nothing else is altered.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const OPERATIONS = [
  'GET /app',
  'GET /app/hook/deliveries',
  'GET /app/installations',
  'GET /app/installations/{installation_id}',
  'POST /app/installations/{installation_id}/access_tokens',
  'POST /app-manifests/{code}/conversions',
  'GET /installation/repositories',
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
  'GET /rate_limit',
  'GET /repos/{owner}/{repo}',
  'GET /repos/{owner}/{repo}/branches/{branch}',
  'GET /repos/{owner}/{repo}/branches/{branch}/protection',
  'GET /repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks',
  'POST /repos/{owner}/{repo}/check-runs',
  'GET /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}',
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission',
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
  'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls',
  'GET /repos/{owner}/{repo}/installation',
  'GET /repos/{owner}/{repo}/pulls',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/commits',
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews',
  'GET /repos/{owner}/{repo}/rules/branches/{branch}',
  'GET /repos/{owner}/{repo}/rulesets/{ruleset_id}',
  'GET /users/{username}/gpg_keys',
  'GET /users/{username}/ssh_signing_keys',
];

/** Words that say nothing about validity. */
const LEFT_OUT = new Set([
  'description',
  'example',
  'examples',
  'externalDocs',
  'title',
  'tags',
  'headers',
  'summary',
  'deprecated',
]);

const source = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const needed = new Map();

function pointer(ref) {
  return ref
    .slice(2)
    .split('/')
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce((node, part) => node[part], source);
}

/** Copies a node without the words above; follows references into `needed`. Keys under `properties` are names. */
function copy(node, names = false) {
  if (Array.isArray(node)) return node.map((item) => copy(item));
  if (node === null || typeof node !== 'object') return node;
  if (typeof node.$ref === 'string') {
    if (!needed.has(node.$ref)) {
      needed.set(node.$ref, null);
      needed.set(node.$ref, copy(pointer(node.$ref)));
    }
    return { $ref: node.$ref };
  }
  const out = {};
  for (const [key, value] of Object.entries(node)) {
    if (!names && (LEFT_OUT.has(key) || key.startsWith('x-'))) continue;
    out[key] = copy(value, !names && key === 'properties');
  }
  return out;
}

const paths = {};
for (const operation of OPERATIONS) {
  const [method, path] = operation.split(' ');
  const found = source.paths[path]?.[method.toLowerCase()];
  if (!found) throw new Error(`not in the description: ${operation}`);
  const { operationId, parameters, requestBody, responses } = copy(found);
  paths[path] = {
    ...paths[path],
    [method.toLowerCase()]: { operationId, parameters, requestBody, responses },
  };
}
const components = {};
for (const [ref, value] of [...needed].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const [, , kind, name] = ref.split('/');
  components[kind] = { ...components[kind], [name]: value };
}
const text = `${JSON.stringify({ openapi: source.openapi, info: { version: source.info.version }, paths, components })}\n`;
writeFileSync(new URL('../test/github/openapi.json', import.meta.url), text);
console.log(
  `${OPERATIONS.length} operations, ${Object.keys(components.schemas ?? {}).length} schemas, ${Math.round(text.length / 1024)} KB`,
);
