import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { withSlugify } from '../../../src/render/gitops/appset-slugify.js';
import { OWN, objectsOf, render } from './fixture.js';

/** An ApplicationSet that puts one template into an annotation of its only Application. */
function generated(template: string, elements: object = {}) {
  return {
    'set.yaml': stringify({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'all', namespace: 'argocd' },
      spec: {
        goTemplate: true,
        generators: [{ list: { elements: [{ text: 'Feature/One_Two', ...elements }] } }],
        template: {
          metadata: { name: 'one', annotations: { told: template } },
          spec: {
            project: 'default',
            source: { repoURL: OWN, path: 'x', targetRevision: 'HEAD' },
            destination: { name: 'in-cluster', namespace: 'x' },
          },
        },
      },
    }),
  };
}

async function told(template: string, elements: object = {}): Promise<unknown> {
  const [application] = await objectsOf(generated(template, elements), 'argocd/argocd/applicationset/all');
  const metadata = application?.metadata as { annotations?: { told: unknown } } | undefined;
  return metadata?.annotations?.told;
}

const SLUGIFY = 'argo-cd applicationset/utils/utils.go SlugifyName; gosimple/slug slug.go MakeLang';

/** [template, result, parameters, upstream] */
const ROWS: readonly (readonly [string, string, object, string])[] = [
  ['{{ slugify .text }}', 'feature-one-two', {}, SLUGIFY],
  ['{{ .text | slugify }}', 'feature-one-two', {}, SLUGIFY],
  ['{{ slugify 23 .text }}', 'feature-one-two', {}, SLUGIFY],
  ['{{- slugify 12 true .text -}}', 'feature-one', {}, SLUGIFY],
  ['{{ .text | slugify 12 false }}', 'feature-one', {}, SLUGIFY],
  ['{{ slugify 9 true .text }}', 'feature', {}, SLUGIFY],
  ['{{ slugify 9 false .text }}', 'feature-o', {}, SLUGIFY],
  ['{{ slugify 4 true .text }}', 'feat', {}, SLUGIFY],
  ['{{ slugify 11 true .text }}', 'feature-one', {}, SLUGIFY],
  ['{{ if eq (slugify .text) "feature-one-two" }}yes{{ end }}', 'yes', {}, SLUGIFY],
  ['{{ printf "%s" "slugify" }}', 'slugify', {}, SLUGIFY],
  ['{{ .slugify }}', 'x', { slugify: 'x' }, SLUGIFY],
  ['{{ slugify "a..b--c__d" }}', 'a-b-c-d', {}, SLUGIFY],
  [
    '{{ slugify .text }}',
    'a-very-long-name-that-is-cut-somewhere-before-it',
    { text: 'a very long name that is cut somewhere before it ends' },
    SLUGIFY,
  ],
  ['{{ normalize .text }}', 'feature-one-two', {}, 'applicationset/utils/utils.go SanitizeName'],
  [
    '{{ toYaml .list }}',
    '- a\n- b',
    { list: ['a', 'b'] },
    'applicationset/utils/template_functions.go toYAML',
  ],
  ['{{ (fromYaml .yaml).a }}', '1', { yaml: 'a: "1"' }, 'template_functions.go fromYAML'],
  ['{{ index (fromYamlArray .yaml) 1 }}', 'b', { yaml: '- a\n- b' }, 'template_functions.go fromYAMLArray'],
  ['{{ .text | sha256sum | trunc 8 }}', 'f55ff16f', { text: 'a1' }, 'sprig crypto.go'],
  ['{{ list 3 1 2 | sortAlpha | join "," }}', '1,2,3', {}, 'sprig strings.go'],
  ['{{ dig "a" "b" "none" .map }}', 'c', { map: { a: { b: 'c' } } }, 'sprig dict.go'],
  ['{{ regexReplaceAll "o(n)e" (lower .text) "<$1>" }}', 'feature/<n>_two', {}, 'sprig regex.go'],
  ['{{ semverCompare ">=1.2" .v }}', 'true', { v: '1.3.0' }, 'sprig semver.go'],
  [
    '{{ b64enc "x" }}{{ b32enc "x" }}{{ add 1 2 }}{{ ternary "a" "b" true }}',
    'eA==PA======3a',
    {},
    'sprig functions.go',
  ],
];

describe('functions of Go templates in ApplicationSets', () => {
  it.each(ROWS)('%s', async (template, result, elements) => {
    expect(await told(template, elements)).toBe(result);
  });

  it.each([
    '{{ env "HOME" }}',
    '{{ expandenv "$HOME" }}',
    '{{ getHostByName "example.com" }}',
    '{{ include "argocd.slugify" (list "x") }}',
    '{{ required "x" .text }}',
    '{{ lookup "v1" "Secret" "" "" }}',
    '{{ tpl "x" . }}',
    '{{ toToml .text }}',
  ])('fails with %s, which Argo CD does not have', async (template) => {
    expect(await render(generated(template), 'argocd/argocd/applicationset/all')).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('does not allow'),
    });
  });

  it('refuses calls of slugify whose end it cannot tell', () => {
    expect(() => withSlugify(' slugify (int .n) true .x ')).toThrow(/cannot read/);
    expect(withSlugify('- slugify 5 true "a | b" | upper -')).toBe(
      '- list 5 true "a | b" | include "argocd.slugify" | upper -',
    );
  });
});
