/** Kinds whose resource name no rule of English gives. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['Endpoints', 'endpoints'],
  ['EndpointSlice', 'endpointslices'],
  ['ComponentStatus', 'componentstatuses'],
  ['NetworkAttachmentDefinition', 'network-attachment-definitions'],
  ['Gateway', 'gateways'],
  ['VirtualMachineInstance', 'virtualmachineinstances'],
  ['TLSOption', 'tlsoptions'],
  ['Prometheus', 'prometheuses'],
]);

/**
 * The resource name of a kind, as the API server's discovery (or a CustomResourceDefinition's default) has it: lower
 * case, plural. Semantics: meta.UnsafeGuessKindToResource of apimachinery.
 */
export function resourceOf(kind: string): string {
  const known = IRREGULAR.get(kind);
  if (known !== undefined) return known;
  const singular = kind.toLowerCase();
  if (/(s|x|ch|sh)$/.test(singular)) return `${singular}es`;
  if (/[^aeiou]y$/.test(singular)) return `${singular.slice(0, -1)}ies`;
  return `${singular}s`;
}
