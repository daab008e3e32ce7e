/**
 * Policies made at random out of the features that the library's tests hardly vary, judged by this engine and by the real kyverno
 * command line on random objects: selectors of objects and namespaces, subjects and roles, operations, exceptions, foreach, exclusions
 * of podSecurity, preconditions, and the kinds in CEL with their constraints and conditions.
 *
 *   npm run oracle:kyverno-features -- KYVERNO [ROUNDS] [SEED]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { evaluatePolicy, requestFor, withExistingViolations } from '../../src/checks/policies/index.js';
import { type Json, seeded } from '../schemas/generate.js';
import {
  celPolicy,
  chance,
  clusterPolicy,
  exceptions,
  map,
  NAMESPACES,
  OPERATIONS,
  one,
  resource,
  seedPolicies,
  USERS,
} from './random-policies.js';

const [kyverno = 'kyverno', rounds = '60', seed = '7'] = process.argv.slice(2);
if (spawnSync(kyverno, ['version']).error !== undefined) {
  process.stderr.write(
    'usage: npm run oracle:kyverno-features -- KYVERNO [ROUNDS] [SEED] (kyverno must be installed)\n',
  );
  process.exit(2);
}
seedPolicies(seeded(Number(seed)));
interface Report {
  results?: {
    policy: string;
    rule?: string;
    result: string;
    message?: string;
    resources?: { kind: string; name: string }[];
  }[];
}

/** Why a difference is meant, as docs/conformance.md has it; null where nothing explains it. */
function meant(key: string, ours: string, theirs: string, message: string): string | null {
  if (ours === 'error' && message.startsWith('who applies the object'))
    return 'who applies is not declared: not verified here, an empty name there';
  if (key.startsWith('cel') && ours === 'error' && message.startsWith('no such key'))
    return 'an object that is gone is null here, and an empty map there';
  if (key.startsWith('vap0 ') && ours === 'fail' && theirs === 'error')
    return 'an expression that fails refuses the object: told as such here';
  return null;
}

const explained = new Map<string, number>();
const folder = mkdtempSync(join(tmpdir(), 'oracle-features-'));
const file = (name: string, documents: readonly Json[]): string => {
  const path = join(folder, name);
  writeFileSync(path, documents.map((document) => stringify(document, { version: '1.1' })).join('---\n'));
  return path;
};

let compared = 0;
let different = 0;
let refusals = 0;
const told = new Map<string, { count: number; example: string }>();
for (let round = 0; round < Number(rounds); round += 1) {
  const policies = [
    clusterPolicy(),
    celPolicy('ValidatingPolicy', 'cel0'),
    celPolicy('ValidatingPolicy', 'cel1'),
    celPolicy('ValidatingAdmissionPolicy', 'vap0'),
  ];
  const resources = Array.from({ length: 12 }, (_, index) => resource(index));
  const excepted = exceptions();
  const operation = chance(0.6) ? 'CREATE' : one(OPERATIONS);
  const user = chance(0.6) ? one(USERS) : null;
  const namespaces = NAMESPACES.map((name) => ({
    name,
    labels: map({
      app: chance(0.5) ? one(['web', 'db']) : undefined,
      tier: chance(0.5) ? 'gold' : undefined,
    }),
  }));
  const values = {
    apiVersion: 'cli.kyverno.io/v1alpha1',
    kind: 'Values',
    globalValues: { 'request.operation': operation },
    namespaceSelector: namespaces,
  };
  const args = [
    'apply',
    file('policies.yaml', policies),
    '--resource',
    file('resources.yaml', resources),
    '--values-file',
    file('values.yaml', [values]),
    '--policy-report',
  ];
  if (excepted.length > 0) args.push('--exception', file('exceptions.yaml', excepted));
  if (user !== null) {
    const { username, groups, roles, clusterRoles } = user;
    const info = {
      apiVersion: 'cli.kyverno.io/v1alpha1',
      kind: 'UserInfo',
      roles: [...roles],
      clusterRoles: [...clusterRoles],
      userInfo: { username, groups: [...groups] },
    };
    args.push('--userinfo', file('user.yaml', [info]));
  }
  const run = spawnSync(kyverno, args, { encoding: 'utf8', timeout: 60_000 });
  if (run.error !== undefined) throw run.error;
  // without any result there is no report
  const start = run.stdout.indexOf('apiVersion: openreports.io');
  const report = start < 0 ? null : (parse(run.stdout.slice(start)) as Report);
  const theirs = new Map<string, string>();
  for (const { policy, rule = '', result, resources: about = [] } of report?.results ?? [])
    for (const { kind, name } of about)
      theirs.set([policy, policy === 'classic' ? rule : '', kind, name].join(' '), result);
  // a policy that the command line refuses is no policy of any cluster
  const refused = new Set([...run.stdout.matchAll(/^\d+\. (\S+): /gm)].map(([, name = '']) => name));
  refusals += refused.size;
  const judged = policies.filter(({ kind, metadata }) => {
    const { name } = metadata as Json;
    // the command line asks every ValidatingAdmissionPolicy about a creation, whatever the operation
    return !refused.has(String(name)) && (kind !== 'ValidatingAdmissionPolicy' || operation === 'CREATE');
  });
  const ours = new Map<string, { status: string; message: string }>();
  for (const object of resources) {
    const metadata = object.metadata as Json;
    const labels = namespaces.find(({ name }) => name === metadata.namespace)?.labels ?? {};
    const request = requestFor(object, {
      operation,
      oldObject: operation === 'UPDATE' ? object : null,
      user,
      namespaceLabels: new Map(Object.entries(labels) as [string, string][]),
    });
    for (const policy of judged)
      for (const { policy: name, ran, status, message } of withExistingViolations(policy, request, (asked) =>
        evaluatePolicy(policy, asked, { now: new Date(), exceptions: excepted }),
      ))
        ours.set([name, ran, String(object.kind), String(metadata.name)].join(' '), { status, message });
  }
  for (const key of new Set([...ours.keys(), ...theirs.keys()])) {
    if (!judged.some(({ metadata }) => key.startsWith(`${String((metadata as Json).name)} `))) continue;
    const own = ours.get(key)?.status ?? 'nothing';
    const their = theirs.get(key) ?? 'nothing';
    compared += 1;
    const silent = (status: string): boolean => status === 'nothing' || status === 'skip';
    if (own === their || (silent(own) && silent(their))) continue;
    const reason = meant(key, own, their, ours.get(key)?.message ?? '');
    if (reason !== null) {
      explained.set(reason, (explained.get(reason) ?? 0) + 1);
      continue;
    }
    different += 1;
    const [name = '', rule = '', kind = '', named] = key.split(' ');
    const policy = policies.find((item) => (item.metadata as Json).name === name) ?? {};
    const rules = ((policy.spec as Json).rules ?? []) as Json[];
    const written =
      rules.find((item) => rule.replace(/^autogen-(cronjob-)?/, '') === item.name) ?? policy.spec;
    const object = resources.find((item) => (item.metadata as Json).name === named);
    const what = `${name === 'classic' ? 'classic' : policy.kind} ${kind} ${operation}: gate ${own}, kyverno ${their}`;
    const example = JSON.stringify({
      rule: written,
      object,
      user: user?.username ?? null,
      namespaces,
      excepted,
      message: ours.get(key)?.message,
    });
    told.set(what, { count: (told.get(what)?.count ?? 0) + 1, example: told.get(what)?.example ?? example });
  }
}
rmSync(folder, { recursive: true });
for (const [what, { count, example }] of [...told].sort((a, b) => b[1].count - a[1].count))
  process.stdout.write(`${count} x ${what}\n    ${example.slice(0, 1800)}\n`);
let apart = 0;
for (const [reason, count] of explained) {
  apart += count;
  process.stdout.write(`${count} meant: ${reason}\n`);
}
process.stdout.write(`${refusals} policies that the command line refuses were left out\n`);
process.stdout.write(`${compared - different - apart} of ${compared} alike, ${different} unexplained\n`);
process.exitCode = different === 0 ? 0 : 1;
