/** Build options of kustomize that the gate obeys. */
export interface KustomizeBuildOptions {
  enableHelm: boolean;
  /** Files outside of a kustomization's folder may be read. */
  unrestricted: boolean;
}

/**
 * Reads options as Argo CD's `kustomize.buildOptions` holds them.
 * @returns the first that the gate does not obey, where there is one
 */
export function kustomizeBuildOptions(written: string): KustomizeBuildOptions | { unknown: string } {
  const options: KustomizeBuildOptions = { enableHelm: false, unrestricted: false };
  const words = written.split(/[\s=]+/).filter((word) => word !== '');
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--enable-helm') options.enableHelm = true;
    else if (word === '--load-restrictor') {
      const value = words.shift();
      if (value !== 'LoadRestrictionsNone' && value !== 'LoadRestrictionsRootOnly') {
        return { unknown: `${word} ${value ?? ''}`.trim() };
      }
      options.unrestricted = value === 'LoadRestrictionsNone';
    } else return { unknown: word };
  }
  return options;
}
