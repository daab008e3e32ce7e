import type { TreeView } from './tree-view.js';

/** Names under which kustomize finds a kustomization, in its order (api/konfig/general.go). */
export const KUSTOMIZATION_FILES: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

/** The kustomization file of a folder, or null. A folder with two is left to kustomize, which refuses it. */
export function kustomizationFile(view: TreeView, folder: string): string | null {
  const children = view.children(folder);
  if (children === null) return null;
  const name = KUSTOMIZATION_FILES.find((candidate) => {
    const kind = children.get(candidate);
    return kind === 'file' || kind === 'link';
  });
  if (name === undefined) return null;
  return folder === '' ? name : `${folder}/${name}`;
}
