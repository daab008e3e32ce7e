/** Cases in which the gate differs on purpose, each with its reason; docs/rendering.md tells of them. */
export const KNOWN_DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['directory: a kind without apiVersion', 'no API server takes it: it is no object'],
  ['directory: json that is no object of Kubernetes', 'no API server takes it: it is no object'],
  ['directory: a symlink out of the repository', 'what lies outside is not looked at, so it closes'],
  [
    'type: an empty helm',
    'the controller takes options that say nothing away before it asks (util/argo, NormalizeApplicationSpec)',
  ],
  [
    'plain: an unknown generator',
    'a generator that the gate does not know may be of a newer version: unresolved',
  ],
  [
    'plain: templatePatch of another type',
    'Applications are not checked against their schema when they are made',
  ],
  [
    'plain: templatePatch of unknown fields',
    'Applications are not checked against their schema when they are made',
  ],
  [
    'release: what is no CRD among the CRDs',
    'Flux leaves it out; it is shown, for it stands in a chart that others may install',
  ],
  ['release: a library', 'helm refuses a chart of that type, and so does the gate; Flux does not ask'],
  ...[
    'scalars that YAML may read otherwise',
    'words that YAML 1.1 reads as booleans',
    'words that YAML 1.1 reads as booleans under a post-renderer',
  ].map((name): [string, string] => [
    `release: ${name}`,
    "a bare `yes` is read as helm and kubectl read it; kustomize, which labels a release's objects, makes it text",
  ]),
]);
