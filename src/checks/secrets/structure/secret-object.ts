import { isUtf8 } from 'node:buffer';
import type { JsonValue, ObjectRef } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';
import type { Field } from './field.js';

/** A JSON object, or null for anything else. */
export function asObject(value: JsonValue | undefined): { [key: string]: JsonValue } | null {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null;
}

/** Text of a scalar as it would reach a program; null for collections and null. */
export function asText(value: JsonValue | undefined): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * What a value of `data` stands for (RFC 4648, as Kubernetes reads it). What is no base64 stays as it is: the API
 * server would refuse it, but the reader of the repository has it all the same.
 */
export function decodeData(value: string): { text: string; binary: Buffer | null } {
  const compact = value.replace(/\s+/g, '');
  if (compact.length % 4 !== 0 || !BASE64.test(compact) || /=\s+=/.test(value))
    return { text: value, binary: null };
  const bytes = Buffer.from(compact, 'base64');
  if (!isUtf8(bytes) || bytes.includes(0)) return { text: '', binary: bytes };
  return { text: bytes.toString('utf8'), binary: null };
}

/** The values of a Secret: `data` decoded, `stringData` as written; Docker and Argo CD JSON opened further. */
export function secretFields(manifest: {
  object: { [key: string]: JsonValue };
  ref: ObjectRef | null;
}): Field[] {
  const { object, ref } = manifest;
  const type = asText(object.type) ?? 'Opaque';
  const fields: Field[] = [];
  for (const section of ['data', 'stringData'] as const) {
    for (const [name, raw] of Object.entries(asObject(object[section]) ?? {})) {
      const written = asText(raw);
      if (written === null || written.trim() === '') continue;
      const { text, binary } = section === 'data' ? decodeData(written) : { text: written, binary: null };
      const path: FieldPath = [section, name];
      const field: Field = { context: 'secret', name, value: text, binary, path, object: ref, type };
      fields.push(...(opened(field) ?? [field]));
    }
  }
  return fields;
}

/** JSON inside a value whose parts are the secrets: registries' auths, the config of an Argo CD cluster. */
function opened(field: Field): Field[] | null {
  const docker =
    field.type.startsWith('kubernetes.io/dockerc') || /^\.dockerc(?:onfigjson|fg)$/.test(field.name);
  if (!docker && field.name !== 'config') return null;
  const json = parseObject(field.value);
  if (json === null) return null;
  return docker ? registryFields(field, json) : clusterFields(field, json);
}

function parseObject(text: string): { [key: string]: JsonValue } | null {
  try {
    return asObject(JSON.parse(text) as JsonValue);
  } catch {
    // Not JSON: the field is judged as text.
    return null;
  }
}

/** `auths.<registry>.{auth,password,identitytoken}`: auth is base64 of user:password. One secret a registry. */
function registryFields(field: Field, json: { [key: string]: JsonValue }): Field[] {
  const fields: Field[] = [];
  for (const [registry, entry] of Object.entries(asObject(json.auths) ?? json)) {
    const auth = asObject(entry);
    if (auth === null) continue;
    const packed = decodeData(asText(auth.auth) ?? '').text;
    const password =
      asText(auth.password) ?? asText(auth.identitytoken) ?? packed.slice(packed.indexOf(':') + 1);
    if (password === '') continue;
    fields.push({
      ...field,
      name: 'password',
      value: password,
      where: `registry ${registry} in ${field.name}`,
    });
  }
  return fields;
}

/** argo-cd docs/operator-manual/declarative-setup.md, Clusters: the JSON of `config`. */
function clusterFields(field: Field, json: { [key: string]: JsonValue }): Field[] {
  const tls = asObject(json.tlsClientConfig) ?? {};
  const environment = asObject(asObject(json.execProviderConfig)?.env) ?? {};
  const parts: [string, JsonValue | undefined][] = [
    ['bearerToken', json.bearerToken],
    ['password', json.password],
    ['keyData', tls.keyData],
    ...Object.entries(environment),
  ];
  return parts.flatMap(([name, value]) => {
    const text = asText(value);
    if (text === null || text === '') return [];
    const plain = name === 'keyData' ? decodeData(text).text || text : text;
    return [
      {
        ...field,
        name: name === 'keyData' ? 'privateKey' : name,
        value: plain,
        where: `${name} of ${field.name}`,
      },
    ];
  });
}
