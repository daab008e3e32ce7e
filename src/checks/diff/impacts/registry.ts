import { apiRemoved } from './api-removed.js';
import { argoProject } from './argo-project.js';
import { dataLoss } from './data-loss.js';
import { dataUnprotected } from './data-unprotected.js';
import { definitionNarrowed } from './definition-narrowed.js';
import { fluxTenancy } from './flux-tenancy.js';
import { guardWeakened } from './guard-weakened.js';
import { imageChanged } from './image-changed.js';
import { immutableField } from './immutable-field.js';
import type { ImpactRule } from './impact.js';
import { ingressHostTaken } from './ingress-host-taken.js';
import { irreversible } from './irreversible.js';
import { leftBehind } from './left-behind.js';
import { missingReference } from './missing-reference.js';
import { pruneEnabled } from './prune-enabled.js';
import { rbacWidened } from './rbac-widened.js';
import { reachesProtected } from './reaches-protected.js';
import { renamed } from './renamed.js';
import { replaced } from './replaced.js';
import { replicasToZero } from './replicas-to-zero.js';
import { selectorMismatch } from './selector-mismatch.js';
import { floatingRevision, sourceUngoverned } from './source-revision.js';
import { syncOrder } from './sync-order.js';
import { targetMoved } from './target-moved.js';
import { targetVanished } from './target-vanished.js';
import { hpaReplicas, pdbBlocks, serviceWithoutEndpoints } from './workload-hints.js';

/** Every rule about what a change does, those that ask for a fix first. */
export const IMPACT_RULES: readonly ImpactRule[] = [
  immutableField,
  apiRemoved,
  missingReference,
  selectorMismatch,
  ingressHostTaken,
  argoProject,
  syncOrder,
  fluxTenancy,
  dataLoss,
  dataUnprotected,
  definitionNarrowed,
  targetVanished,
  targetMoved,
  pruneEnabled,
  replicasToZero,
  rbacWidened,
  guardWeakened,
  sourceUngoverned,
  floatingRevision,
  reachesProtected,
  replaced,
  renamed,
  leftBehind,
  imageChanged,
  pdbBlocks,
  hpaReplicas,
  serviceWithoutEndpoints,
  irreversible,
];
