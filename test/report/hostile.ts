import type { Verdict } from '../../src/contract/index.js';
import { sampleCheck, sampleFinding, sampleTarget, sampleVerdict } from './sample-verdict.js';

/** What an attacker may put into names, messages and values to deceive a reader or a machine. */
export const HOSTILE_TEXTS = [
  '<script>alert(1)</script>',
  '</details></table><img src=x onerror=alert(1)>',
  '| a | b |\n|---|---|\n| x | y |',
  '@octocat and @acme/owners please approve',
  'fixes #1, closes acme/config#2, GH-3',
  '[click](javascript:alert(1)) ![x](https://example.com/x.png)',
  '```\n# heading\n```',
  'a`b``c```d',
  '\u001b[2J\u001b[31mred\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007',
  '\u202egnp.exe\u202c and \u2066hidden\u2069',
  'zero\u200bwidth\ufeff and tags\u{e0041}\u{e0042}',
  '::error file=a::owned\n::set-output name=x::y',
  '##[add-path]/tmp/x',
  '%0A::warning::x%25',
  ']]><![CDATA[ <failure/> &amp; "\' \u0000 \uffff',
  'byte \udcff path',
  'back\\slash \\| pipe \\\\| end\\',
  'https://example.com/a www.example.com',
] as const;

/** A verdict in which the text stands wherever the repository's text can stand. */
export function hostileVerdict(text: string): Verdict {
  const everywhere = {
    message: `message ${text}`,
    help: `help ${text}`,
    path: text,
    line: 3,
    clusters: [text],
    targets: [text],
    object: { apiVersion: 'v1', kind: text, namespace: text, name: text },
  };
  const found = (['fix', 'approve', 'inform'] as const).map((action) =>
    sampleFinding({ ruleId: `secrets/${action}`, action, ...everywhere }),
  );
  const approved = sampleFinding({
    ruleId: 'secrets/approved',
    action: 'approve',
    ...everywhere,
    approvedBy: text,
  });
  const suppressed = sampleFinding({
    ruleId: 'secrets/suppressed',
    action: 'fix',
    ...everywhere,
    suppressed: { by: text, reason: text, until: '2030-01-01' },
  });
  const target = sampleTarget('prod');
  const verdict = sampleVerdict(
    [
      sampleCheck('secrets', [...found, approved, suppressed], {
        summary: text,
        notVerified: [
          { what: text, reason: text, closes: true },
          { what: text, reason: text, closes: false },
        ],
      }),
    ],
    {
      targets: [
        {
          ...target,
          name: text,
          cluster: text,
          changes: target.changes.map((change) => ({
            ...change,
            object: everywhere.object,
            fields: [
              { path: text, from: text, to: { [text]: [text] } },
              { path: text, from: null, to: text },
            ],
          })),
        },
      ],
      report: {
        signatures: {
          commits: [{ sha: 'd'.repeat(40), verdict: 'valid', type: 'ssh', signer: text, fingerprint: text }],
        },
      },
      verdict: { approvers: [text] },
    },
  );
  return { ...verdict, excerpts: new Map(found.map((item) => [item.fingerprint, { line: 3, text }])) };
}
