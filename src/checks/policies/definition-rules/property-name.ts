/** Words that CEL reserves: a property of that name is written `__word__`. */
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['__', '__underscores__'],
  ['.', '__dot__'],
  ['-', '__dash__'],
  ['/', '__slash__'],
]);
const UNESCAPES: ReadonlyMap<string, string> = new Map(
  [...ESCAPES].map(([plain, escaped]) => [escaped, plain]),
);

/**
 * A property's name as expressions write it, or null where they cannot: `__namespace__`, `foo__dash__bar`.
 * Source: k8s.io/apiserver pkg/cel/escaping.go.
 */
export function escapedName(name: string): string | null {
  if (RESERVED.has(name)) return `__${name}__`;
  if (!/^[A-Za-z_./-][\w./-]*$/.test(name)) return null;
  return name.replace(/__|[-./]/g, (part) => ESCAPES.get(part) ?? part);
}

/** The property that an expression's name stands for. */
export function unescapedName(name: string): string {
  const word = /^__([a-z]+)__$/.exec(name)?.[1];
  if (word !== undefined && RESERVED.has(word)) return word;
  return name.replace(/__(?:underscores|dot|dash|slash)__/g, (part) => UNESCAPES.get(part) ?? part);
}
