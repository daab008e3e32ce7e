import { type Manifest, manifestsFromValues, misfitOf, type Scopes } from '../../kubernetes/index.js';
import type { RenderOutcome } from '../rendered-change.js';
import type { SideOutcome } from '../targets/plan.js';
import type { Side } from '../targets/side.js';
import type { SourcePositions } from './source-positions.js';

/** A side's outcome as the checks see it: manifests that know where in the repository they come from. */
export async function outcomeWithManifests(
  outcome: SideOutcome,
  side: Side,
  positions: SourcePositions,
  scopes?: Scopes,
): Promise<RenderOutcome> {
  switch (outcome.status) {
    case 'read':
      return { status: 'rendered', manifests: outcome.manifests };
    case 'failed':
      return { status: 'failed', reason: outcome.reason, ...(outcome.lasting ? {} : { unknown: true }) };
    case 'unresolved':
      return outcome;
    case 'rendered': {
      const manifests: Manifest[] = [];
      for (const [document, made] of outcome.objects.entries()) {
        const wrong = misfitOf(made.object);
        if (wrong !== null) {
          const source = made.path === null ? '' : ` (from ${made.path})`;
          return {
            status: 'failed',
            reason: `what is rendered holds what no cluster takes: ${wrong}${source}`,
          };
        }
        const locate = await positions.of(side.view, made);
        for (const manifest of manifestsFromValues([made.object], { path: made.path }, scopes)) {
          const installOnly = made.phase === 'install' ? { installOnly: true as const } : {};
          manifests.push({ ...manifest, ...installOnly, document, locate: locate ?? manifest.locate });
        }
      }
      const { notes = [] } = outcome;
      return { status: 'rendered', manifests, ...(notes.length === 0 ? {} : { notes }) };
    }
  }
}
