import type { JsonValue } from '../../contract/index.js';
import { loadYaml } from '../../kubernetes/index.js';
import { Unresolved } from '../inputs/input-set.js';
import { field, isMap, type JsonMap, list } from '../inputs/json-shape.js';
import { planKey } from '../targets/plan.js';
import type { RenderContext } from '../targets/side.js';
import { HELM_ONLY, SLUGIFY, withSlugify } from './appset-slugify.js';

/** An ApplicationSet that Argo CD could not generate from either; the message says why. */
export class GenerationFailed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GenerationFailed';
  }
}

/** Fills the strings of a template with parameters. */
export interface TemplateRenderer {
  readonly goTemplate: boolean;
  /** The template once for each set of parameters. @throws GenerationFailed, Unresolved */
  render(template: JsonValue, params: readonly JsonMap[]): Promise<JsonValue[]>;
  /** True where a text names a parameter that is not there, which Argo CD then leaves for a later turn. */
  lacks(written: string, params: JsonMap): boolean;
}

/**
 * `{{name}}` replaced by parameters that are flat strings; what is not a parameter stays as it is (valyala/fasttemplate
 * as applicationset/utils Render.Replace uses it).
 */
export class FastTemplateRenderer implements TemplateRenderer {
  readonly goTemplate = false;

  render(template: JsonValue, params: readonly JsonMap[]): Promise<JsonValue[]> {
    try {
      return Promise.resolve(
        params.map((values) => mapStrings(template, (written) => fill(written, values))),
      );
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Tags of parameters that are not there stay by themselves. */
  lacks(): boolean {
    return false;
  }
}

function fill(written: string, params: JsonMap): string {
  // A tag on one line makes it a template; then every tag must end, and may hold line breaks.
  const inLine = (line: string): boolean => {
    const open = line.indexOf('{{');
    return open >= 0 && line.includes('}}', open + 2);
  };
  if (!written.split('\n').some(inLine)) return written;
  let output = '';
  let at = 0;
  for (let open = written.indexOf('{{'); open >= 0; open = written.indexOf('{{', at)) {
    const close = written.indexOf('}}', open + 2);
    if (close < 0) throw new GenerationFailed('its template has a tag that does not end');
    const name = written.slice(open + 2, close).trim();
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    output += written.slice(at, open) + (typeof value === 'string' ? value : written.slice(open, close + 2));
    at = close + 2;
  }
  return output + written.slice(at);
}

/** Templates that are run in one go; each costs no process of its own. */
const MOST_JOBS = 20_000;

/** Stands for `<no value>`, which helm takes out of what its templates give. */
const NO_VALUE = '\ue000no value\ue000';
const OPTIONS = /^missingkey=(default|invalid|zero|error)$/;

/** Argo CD's own functions as named templates, so that helm's engine has them (applicationset/utils SanitizeName). */
const HELPERS = `{{- define "argocd.normalize" -}}
{{- regexReplaceAllLiteral "[^-a-z0-9.]" (lower (toString .)) "-" | trunc 253 | trimAll "-." -}}
{{- end -}}
${SLUGIFY}`;
const DRIVER = `{{- $results := list -}}
{{- range $job := .Values.jobs -}}
{{- $results = append $results (tpl $job.template $job.params) -}}
{{- end -}}
{{- dict "apiVersion" "v1" "kind" "Results" "metadata" (dict "name" "results") "results" $results | toJson -}}
`;

/**
 * Go templates with sprig, run by helm itself: one chart whose only template applies `tpl` to every string. The chart is
 * the gate's, the strings are the change's: they run in the sandbox like any chart.
 */
export class GoTemplateRenderer implements TemplateRenderer {
  readonly goTemplate = true;
  readonly #context: RenderContext;
  readonly #missingIsError: boolean;

  /** @throws GenerationFailed for an option that text/template does not have */
  constructor(context: RenderContext, options: readonly string[]) {
    const unknown = options.find((option) => !OPTIONS.test(option));
    if (unknown !== undefined)
      throw new GenerationFailed(`${unknown.slice(0, 100)} is no option of Go templates`);
    this.#context = context;
    this.#missingIsError = options.includes('missingkey=error');
  }

  async render(template: JsonValue, params: readonly JsonMap[]): Promise<JsonValue[]> {
    const jobs: { template: string; params: JsonMap }[] = [];
    const indexes = new Map<string, number>();
    const collect = (written: string, index: number): string => {
      if (written.includes('{{')) {
        const key = `${index}\0${written}`;
        if (!indexes.has(key)) {
          indexes.set(key, jobs.length);
          jobs.push({ template: this.#prepared(written, params[index] ?? {}), params: params[index] ?? {} });
        }
      }
      return written;
    };
    for (const index of params.keys()) mapStrings(template, (written) => collect(written, index));
    if (jobs.length > MOST_JOBS) throw new GenerationFailed('it has too many templates');
    const results = jobs.length === 0 ? [] : await this.#run(jobs);
    return params.map((_, index) =>
      mapStrings(template, (written) => {
        const job = indexes.get(`${index}\0${written}`);
        return job === undefined ? written : (results[job] ?? '');
      }),
    );
  }

  /** The template with Argo CD's functions under the names that the chart gives them, missing keys told apart. */
  #prepared(written: string, params: JsonMap): string {
    // Inside of these a field is not one of the parameters.
    const moved = /\{\{-?\s*(range|with|define|block)\b/.test(written);
    return mapActions(written, (action) => {
      // Functions only: `.metadata.labels.env` is none.
      const words = action.replace(STRINGS, '""').replace(/[.$]\w+/g, '');
      if (HELM_ONLY.test(words) || /\b(env|expandenv|getHostByName)\b/.test(words)) {
        throw new GenerationFailed('its templates use a function that Argo CD does not allow');
      }
      if (/\b(now|date|ago|rand\w*|uuidv4|gen[A-Z]\w*|htpasswd|bcrypt|shuffle)\b/.test(words)) {
        throw new Unresolved('its templates use the time or random values');
      }
      const reference = /^-?\s*((?:\.[A-Za-z_]\w*)+)\s*-?$/.exec(action)?.[1];
      if (!moved && reference !== undefined) {
        const value = valueAt(params, reference);
        if (value === undefined && this.#missingIsError)
          throw new GenerationFailed(`its templates use ${reference}, which no parameter sets`);
        if (value === undefined || value === null) return `"${NO_VALUE}"`;
      }
      // Whether it is an error depends on whether it is evaluated: `or` and `if` may pass it by.
      const strict =
        !moved && this.#missingIsError
          ? mapReferences(action, (name) =>
              valueAt(params, name) === undefined ? `(fail "no parameter sets ${name}")` : name,
            )
          : action;
      const normalized = /\bnormalize\b/.test(words)
        ? strict.replace(/(?<![.$\w])normalize\b/g, 'include "argocd.normalize"')
        : strict;
      return /\bslugify\b/.test(words) ? withSlugify(normalized) : normalized;
    });
  }

  lacks(written: string, params: JsonMap): boolean {
    let lacking = false;
    mapActions(written, (action) =>
      mapReferences(action, (name) => {
        lacking ||= valueAt(params, name) === undefined;
        return name;
      }),
    );
    return lacking;
  }

  async #run(jobs: readonly { template: string; params: JsonMap }[]): Promise<string[]> {
    const { toolbox, runner, cache } = this.#context;
    const values = JSON.stringify({ jobs }).replaceAll('<no value>', NO_VALUE);
    const version = 'tool' in toolbox.helm ? toolbox.helm.tool.version : 'none';
    const key = planKey('go-template', version, HELPERS, DRIVER, values);
    const known = await cache.get(key);
    if (known !== null && 'objects' in known) return resultsOf(known.objects[0]?.object);
    const layout = new Map(
      Object.entries({
        'Chart.yaml': 'apiVersion: v2\nname: templates\nversion: 1.0.0\n',
        'values.yaml': '{}\n',
        'jobs.json': values,
        'templates/_helpers.tpl': HELPERS,
        'templates/results.yaml': DRIVER,
      }).map(([path, content]) => [path, { bytes: Buffer.from(content) }]),
    );
    const output = await runner.run(
      toolbox.helm,
      ['template', 'templates', '.', '--values', 'jobs.json'],
      layout,
    );
    if (output.status === 'failed') throw new GenerationFailed(`its templates: ${output.reason}`);
    const document = loadYaml(output.stdout, '').documents[0]?.value;
    if (!isMap(document)) throw new GenerationFailed('its templates gave nothing that can be read');
    await cache.put(key, { objects: [{ object: document, path: null }] });
    return resultsOf(document);
  }
}

function resultsOf(document: JsonMap | undefined): string[] {
  return list(document, 'results').map((result) =>
    typeof result === 'string' ? result.replaceAll(NO_VALUE, '<no value>') : '',
  );
}

const STRINGS = /"(?:[^"\\]|\\.)*"|`[^`]*`/g;

/** The value of a reference such as `.a.b`, or undefined. */
function valueAt(params: JsonMap, reference: string): JsonValue | undefined {
  return field(params, ...reference.slice(1).split('.'));
}

/** Applies a change to the parameters that an action names, outside of its strings. */
function mapReferences(action: string, change: (reference: string) => string): string {
  const strings = action.match(STRINGS) ?? [];
  return action
    .split(STRINGS)
    .map((part, index) => part.replace(/(?<![\w.$)])(?:\.[A-Za-z_]\w*)+/g, change) + (strings[index] ?? ''))
    .join('');
}

/** Applies a change to what stands between `{{` and `}}`. */
function mapActions(written: string, change: (action: string) => string): string {
  const [first = '', ...rest] = written.split('{{');
  return (
    first +
    rest
      .map((part) => {
        const close = part.indexOf('}}');
        return close < 0 ? `{{${part}` : `{{${change(part.slice(0, close))}${part.slice(close)}`;
      })
      .join('')
  );
}

/** The value with every string and every key changed. */
export function mapStrings(value: JsonValue, change: (written: string) => string): JsonValue {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapStrings(item, change)]),
  );
}
