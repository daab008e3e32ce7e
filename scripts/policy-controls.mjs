// The tables of docs/controls.md that say which policy serves which control, made from the packs' annotations.

/** Frameworks in the order of the document: its heading, and how annotations name it. */
const FRAMEWORKS = [
  ['CIS Kubernetes', /^CIS(?: Kubernetes)?(?= |$)/],
  ['NSA and CISA Kubernetes hardening guide', /^NSA-CISA/],
  ['Pod Security Standards', /^Pod Security Standards/],
  ['PCI DSS', /^PCI DSS/],
  ['SOC 2', /^SOC 2/],
  ['HIPAA', /^HIPAA/],
  ['GDPR', /^GDPR/],
  ['NIST 800-53', /^NIST 800-53/],
];

/** The policies of packs (name to documents) with what their annotations say. */
function policiesOf(packs) {
  return Object.entries(packs).flatMap(([pack, policies]) =>
    policies.map(({ metadata }) => ({
      pack,
      name: metadata.name,
      title: metadata.annotations['policies.kyverno.io/title'],
      controls: metadata.annotations['gitops-gate/controls'],
    })),
  );
}

/** Controls of one framework that an annotation names; one without a number is `general`. */
function controlsOf(annotation, pattern) {
  return annotation.split(';').flatMap((part) => {
    const text = part.trim();
    const name = pattern.exec(text)?.[0];
    if (name === undefined) return [];
    const items = text.slice(name.length).split(',');
    return items.map((item) => item.trim() || 'general');
  });
}

/** @param {Record<string, object[]>} packs @returns {string} Markdown, from the first table to the last by framework */
export function controlTables(packs) {
  const policies = policiesOf(packs);
  const lines = ['| pack | policy | controls |', '|---|---|---|'];
  for (const { pack, name, title, controls } of policies) {
    lines.push(`| ${pack} | \`${name}\` (${title}) | ${controls} |`);
  }
  lines.push('', '## By framework', '');
  for (const [framework, pattern] of FRAMEWORKS) {
    const served = new Map();
    for (const { name, controls } of policies) {
      for (const control of new Set(controlsOf(controls, pattern))) {
        served.set(control, [...(served.get(control) ?? []), `\`${name}\``]);
      }
    }
    const order = new Intl.Collator('en', { numeric: true });
    const rows = [...served].sort(([a], [b]) => order.compare(a, b));
    lines.push(`### ${framework}`, '| control | policies |', '|---|---|');
    for (const [control, names] of rows) lines.push(`| ${control} | ${names.join(', ')} |`);
    lines.push('');
  }
  return lines.join('\n');
}

const START = '| pack | policy | controls |';
const END = "## kube-linter's checks";

/** The document with its tables made anew. @throws Error where it has lost the headings that they stand between */
export function withControlTables(document, packs) {
  const start = document.indexOf(START);
  const end = document.indexOf(END);
  if (start < 0 || end < start)
    throw new Error(`docs/controls.md: the tables stand between "${START}" and "${END}"`);
  return `${document.slice(0, start)}${controlTables(packs)}\n${document.slice(end)}`;
}
