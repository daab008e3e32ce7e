import type { JsonValue } from '../../contract/index.js';
import type { RemoteChart } from '../remotes/remote-charts.js';
import type { AdmitChart } from './chart.js';
import { Unresolved } from './input-set.js';
import { isMap, list, strings, text } from './json-shape.js';
import { withoutCredentials } from './remote-reference.js';
import { joinPath } from './tree-view.js';

/** A chart of `helmCharts`. */
export interface InflatedChart {
  name: string;
  /** Where the chart is, or is put by `helm pull`: a folder of the layout. */
  folder: string;
  /** To be fetched; null for a chart that lies there already. */
  remote: RemoteChart | null;
}

/** A chart as a kustomization names it. */
export interface NamedChart extends Omit<InflatedChart, 'remote'> {
  /** Values files that do not lie in the chart itself. */
  values: readonly string[];
  /** The chart that `helm pull` would bring. @throws Unresolved where it may not be fetched */
  pull: () => RemoteChart;
}

/**
 * The charts that a kustomization inflates (HelmChartInflationGenerator of kustomize 5.8): in `chartHome`, those of a
 * version and a repository in a folder of that version.
 * @param inflate null where kustomize is not given --enable-helm
 * @param shown what to call the kustomization
 * @throws Unresolved where kustomize would refuse them, or what they name is none
 */
export function inflatedCharts(
  kustomization: JsonValue,
  folder: string,
  inflate: { admitChart: AdmitChart | null } | null,
  shown: string,
): NamedChart[] {
  const charts = list(kustomization, 'helmCharts').filter(isMap);
  if (list(kustomization, 'helmChartInflationGenerator').length > 0) {
    throw new Unresolved(
      `${shown} inflates Helm charts in a way of the past (helmChartInflationGenerator): name them in helmCharts`,
    );
  }
  if (charts.length > 0 && inflate === null) {
    throw new Unresolved(
      `${shown} inflates Helm charts (helmCharts), which kustomize does only with --enable-helm: where Argo CD is given it, say so in diff.kustomizeBuildOptions`,
    );
  }
  if (charts.length > 0 && (text(kustomization, 'helmGlobals', 'configHome') ?? '') !== '') {
    // Helm would take its plugins, which are programs, from below that folder.
    throw new Unresolved(
      `${shown} names a folder for helm's own settings (helmGlobals.configHome), which the gate gives it none of`,
    );
  }
  const home = text(kustomization, 'helmGlobals', 'chartHome') ?? 'charts';
  return charts.map((chart) => {
    const name = text(chart, 'name') ?? '';
    const [version, repo] = [text(chart, 'version') ?? '', text(chart, 'repo') ?? ''];
    if (!/^[\w.-]+$/.test(name) || !/^[\w.+-]*$/.test(version)) {
      throw new Unresolved(`${shown} inflates a chart whose name or version is none`);
    }
    const pulled = version !== '' && repo !== '' ? `${home}/${name}-${version}/${name}` : `${home}/${name}`;
    const release = text(chart, 'releaseName') ?? '';
    if (release.startsWith('-')) {
      // Kustomize hands it to helm as it is: helm would obey it.
      throw new Unresolved(`${shown} inflates the chart ${name} under a release name that is none`);
    }
    const place = joinPath(folder, pulled);
    if (place === null) throw new Unresolved(`${shown} keeps its charts outside of the repository`);
    const own = text(chart, 'valuesFile');
    const values = [...(own === null ? [] : [own]), ...strings(chart, 'additionalValuesFiles')];
    const admitChart = inflate?.admitChart ?? null;
    if (values.some((path) => /[,"\r\n]|^https?:/i.test(path))) {
      throw new Unresolved(`${shown} names a values file that helm would read otherwise, or fetch`);
    }
    return {
      name,
      folder: place,
      // A values file inside of the chart comes with it.
      values: values.filter((path) => joinPath(folder, path)?.startsWith(`${place}/`) !== true),
      pull: () => {
        if (repo === '' || admitChart === null) {
          const where = repo === '' ? 'of no repository' : `of ${withoutCredentials(repo)}`;
          throw new Unresolved(
            `${shown} inflates the chart ${name} ${where}, which is not in the repository`,
          );
        }
        return repo.startsWith('oci://')
          ? admitChart({ url: `${repo.replace(/\/+$/, '')}/${name}`, chart: '', version })
          : admitChart({ url: repo, chart: name, version });
      },
    };
  });
}
