import type { JsonValue, ObjectRef } from '../../../contract/index.js';
import { type FieldPath, loadYaml } from '../../../kubernetes/index.js';
import { strengthOf } from '../strength.js';
import type { Field } from './field.js';
import { asObject, asText, decodeData, secretFields } from './secret-object.js';
import { walk } from './workload.js';

/** Manifests in strings in manifests are followed this deep. */
const DEPTH = 2;
const LONGEST = 256 * 1024;
const WORTH_READING = /\bkind["']?\s*:\s*["']?Secret|\/(?:stringD|d)ata\b|stringData/;

/**
 * Values of Secrets that are not documents of their own: in objects of other kinds (Crossplane's Object, `extraDeploy`
 * of Helm values), in SecretLists, in strings that hold manifests, and in JSON patches of `/data` and `/stringData`.
 */
export function embeddedFields(root: JsonValue, ref: ObjectRef | null, depth = DEPTH): Field[] {
  const fields: Field[] = [];
  const put = (found: readonly Field[], at: FieldPath, what: string): void => {
    for (const field of found)
      fields.push({
        ...field,
        path: [...at, ...field.path],
        where: field.where ?? `\`${field.name}\` ${what}`,
      });
  };
  walk(root, [], (node, path) => {
    if (Array.isArray(node)) {
      node.forEach((item, index) => {
        if (typeof item === 'string') strings(item, path, index);
      });
      return;
    }
    if (node.kind === 'Secret' && path.length > 0) {
      put(secretFields({ object: node, ref }), path, 'of a Secret within');
      // Kyverno's generate rules hold the Secret's fields under `data` beside its kind.
      const within = asObject(node.data);
      if (within !== null)
        put(
          secretFields({ object: { ...within, type: within.type ?? '' }, ref }),
          [...path, 'data'],
          'of a Secret within',
        );
    } else if (path.length > 0 && node.kind === undefined && asObject(node.stringData) !== null) {
      // Merge patches, mutations, values: `stringData` is a Secret's wherever it stands.
      put(secretFields({ object: { stringData: node.stringData ?? null }, ref }), path, 'of stringData');
    }
    put(namedSecretFields(node, ref), path, 'of a map of secrets');
    if (node.kind === 'SecretList' && Array.isArray(node.items)) {
      node.items.forEach((item, index) => {
        const object = asObject(item);
        if (object !== null && object.kind !== 'Secret')
          put(secretFields({ object, ref }), [...path, 'items', index], 'of a SecretList');
      });
    }
    put(patchFields(node, ref), path, 'of a patch');
    for (const name of Object.keys(node)) {
      const value = node[name];
      if (typeof value === 'string') strings(value, path, name);
    }
  });
  function strings(written: string, within: FieldPath, key: string | number): void {
    const oneLine = !written.includes('\n');
    if (depth === 0 || (written.length < 40 && oneLine)) return;
    // Manifests in base64: `binaryData` of a ConfigMap that a ClusterResourceSet applies.
    const packed =
      written.length >= 64 && /^(?:[A-Za-z0-9+/]{4}){16}/.test(written) ? decodeData(written) : null;
    const text = packed === null || packed.binary !== null ? written : packed.text;
    if (
      text.length > LONGEST ||
      !(text.includes('\n') || /^\s{0,20}[[{]/.test(text)) ||
      !WORTH_READING.test(text)
    )
      return;
    for (const document of loadYaml(Buffer.from(text, 'utf8'), 'embedded.yaml', { compare: false })
      .documents) {
      // One level in, so that a Secret that is the whole string counts as one that is within.
      for (const field of embeddedFields({ text: document.value }, ref, depth - 1))
        fields.push({ ...field, path: [...within, key] });
    }
  }
  return fields;
}

const NONE: readonly Field[] = [];

/** Maps of charts and tools whose values are secrets by the map's name (Grafana's data sources, charts' values). */
const MAPS_OF_SECRETS = [
  'secureJsonData',
  'secretEnv',
  'secretEnvVars',
  'envSecrets',
  'secretData',
  'secretValues',
];

function namedSecretFields(node: { [key: string]: JsonValue }, ref: ObjectRef | null): readonly Field[] {
  if (!MAPS_OF_SECRETS.some((name) => Object.hasOwn(node, name))) return NONE;
  return MAPS_OF_SECRETS.flatMap((name) => {
    const values = Object.hasOwn(node, name) ? asObject(node[name]) : null;
    if (values === null) return [];
    // Not a Secret yet: a word there is a default or a name.
    return secretFields({ object: { stringData: values }, ref })
      .filter((field) => field.binary !== null || /^(?:random|password)$/.test(strengthOf(field.value)))
      .map((field) => ({ ...field, path: [name, field.name] }));
  });
}

/** RFC 6902: `{op, path: /data/key, value}`; `/data` itself takes an object. */
function patchFields(node: { [key: string]: JsonValue }, ref: ObjectRef | null): readonly Field[] {
  if (node.op === undefined) return NONE;
  const path = asText(node.path);
  if (asText(node.op) === null || path === null || node.value === undefined) return [];
  const match = /^\/(data|stringData)(?:\/(.{1,250}))?$/s.exec(path);
  if (match === null) return [];
  const [, section = '', key] = match;
  if (key === undefined) {
    return secretFields({ object: { [section]: node.value }, ref }).map((field) => ({
      ...field,
      path: ['value'],
    }));
  }
  const written = asText(node.value);
  if (written === null || written.trim() === '') return [];
  const decoded = section === 'data' ? decodeData(written) : { text: written, binary: null };
  // `/data` is a ConfigMap's as well: what is no base64 of a text is a setting.
  const secret = section === 'stringData' || (decoded.binary === null && decoded.text !== written);
  return [
    {
      context: secret ? 'secret' : 'config',
      name: key.replaceAll('~1', '/').replaceAll('~0', '~'),
      value: secret ? decoded.text : written,
      binary: null,
      path: ['value'],
      object: ref,
      type: '',
    },
  ];
}
