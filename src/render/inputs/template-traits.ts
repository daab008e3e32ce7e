/** What the templates of a chart ask for that decides how the chart is rendered, or what cannot be known. */
export interface TemplateTraits {
  /** Randomness or the time: what it gives differs from run to run. */
  random: boolean;
  /** Whether it is an install or an upgrade. */
  phases: boolean;
  /** Other files of the chart. */
  readsFiles: boolean;
  /** What the cluster holds (`lookup`), or can do (`.Capabilities.APIVersions`). */
  lookup: boolean;
}

const RANDOM =
  /\b(rand(AlphaNum|Alpha|Numeric|Ascii|Bytes|Int)|uuidv4|gen(PrivateKey|CA|CAWithKey|SelfSignedCert|SelfSignedCertWithKey|SignedCert|SignedCertWithKey)|htpasswd|bcrypt|encryptAES|shuffle|now|ago|unixEpoch)\b/;

/** Adds what one file asks for. Values count too: `tpl` runs what stands in them. */
export function addTraits(traits: TemplateTraits, path: string, content: string): void {
  const template = isTemplate(path);
  if (!template && !/\.ya?ml$/.test(path)) return;
  if (/\bFiles\b/.test(content)) traits.readsFiles = true;
  if (/\bIs(Install|Upgrade)\b/.test(content)) traits.phases = true;
  for (const action of actions(content)) {
    if (RANDOM.test(action)) traits.random = true;
    if (/\blookup\b/.test(withoutStrings(action))) traits.lookup = true;
  }
}

export function isTemplate(path: string): boolean {
  return /\.(tpl|ya?ml|txt|json)$/.test(path) && path.includes('templates/');
}

/** What stands between `{{` and `}}`. */
function actions(template: string): string[] {
  return template
    .split('{{')
    .slice(1)
    .map((rest) => {
      const end = rest.indexOf('}}');
      return end < 0 ? rest : rest.slice(0, end);
    });
}

/** An action without its string literals and comments. */
function withoutStrings(action: string): string {
  return action.replace(/\/\*[\s\S]*?(?:\*\/|$)/g, '').replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
}

/** True for a values schema that refers to something outside its own file. */
export function outsideSchemaIn(schema: string): boolean {
  return /"\$(ref|id|dynamicRef|schema)"\s*:\s*"(?!#|https?:\/\/json-schema\.org\/)/.test(schema);
}
