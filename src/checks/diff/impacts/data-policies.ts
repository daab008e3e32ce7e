import type { JsonValue } from '../../../contract/index.js';

/** A field that keeps data as long as it does not have (or has) one of these values. */
export interface Policy {
  kind: RegExp;
  path: readonly string[];
  /** What it says where nothing is written. */
  fallback: JsonValue;
  /** Values that lose. */
  loses: (value: JsonValue) => boolean;
  says: string;
}

function one(...values: readonly JsonValue[]): (value: JsonValue) => boolean {
  return (value) => values.includes(value);
}

/** Fields of Kubernetes', of deployers' and of operators' objects that decide what happens to data. */
export const DATA_POLICIES: readonly Policy[] = [
  {
    kind: /^\/PersistentVolume$/,
    path: ['spec', 'persistentVolumeReclaimPolicy'],
    fallback: 'Retain',
    loses: one('Delete', 'Recycle'),
    says: 'its data goes with its claim',
  },
  {
    kind: /^apps\/StatefulSet$/,
    path: ['spec', 'persistentVolumeClaimRetentionPolicy', 'whenDeleted'],
    fallback: 'Retain',
    loses: one('Delete'),
    says: 'its volume claims go with it',
  },
  {
    kind: /^apps\/StatefulSet$/,
    path: ['spec', 'persistentVolumeClaimRetentionPolicy', 'whenScaled'],
    fallback: 'Retain',
    loses: one('Delete'),
    says: 'the volume claims of pods that are scaled away go with them',
  },
  {
    kind: /^storage\.k8s\.io\/StorageClass$/,
    path: ['reclaimPolicy'],
    fallback: 'Delete',
    loses: one('Delete'),
    says: 'its volumes go with their claims',
  },
  {
    kind: /^snapshot\.storage\.k8s\.io\/VolumeSnapshotC(?:lass|ontent)$/,
    path: ['deletionPolicy'],
    fallback: 'Delete',
    loses: one('Delete'),
    says: 'its snapshots are deleted with their objects',
  },
  {
    kind: /^kustomize\.toolkit\.fluxcd\.io\/Kustomization$/,
    path: ['spec', 'deletionPolicy'],
    fallback: 'MirrorPrune',
    loses: (value) => value !== 'Orphan',
    says: 'what it deployed goes with it',
  },
  {
    kind: /^argoproj\.io\/ApplicationSet$/,
    path: ['spec', 'syncPolicy', 'preserveResourcesOnDeletion'],
    fallback: false,
    loses: (value) => value !== true,
    says: 'what its Applications deployed goes with them',
  },
  {
    kind: /^argoproj\.io\/ApplicationSet$/,
    path: ['spec', 'syncPolicy', 'applicationsSync'],
    fallback: 'sync',
    loses: one('sync', 'create-delete'),
    says: 'it may delete its Applications',
  },
  {
    kind: /(?:upbound|crossplane)\.io\//,
    path: ['spec', 'deletionPolicy'],
    fallback: 'Delete',
    loses: one('Delete'),
    says: 'what it stands for in the cloud goes with it',
  },
  {
    kind: /^helm\.toolkit\.fluxcd\.io\/HelmRelease$/,
    path: ['spec', 'upgrade', 'remediation', 'strategy'],
    fallback: 'rollback',
    loses: one('uninstall'),
    says: 'an upgrade that fails uninstalls the release',
  },
  {
    kind: /(?:upbound|crossplane)\.io\//,
    path: ['spec', 'managementPolicies'],
    fallback: ['*'],
    loses: (value) => Array.isArray(value) && (value.includes('*') || value.includes('Delete')),
    says: 'what it stands for in the cloud goes with it',
  },
  {
    kind: /^infra\.contrib\.fluxcd\.io\/Terraform$/,
    path: ['spec', 'destroy'],
    fallback: false,
    loses: one(true),
    says: 'everything it made is destroyed',
  },
  {
    kind: /^infra\.contrib\.fluxcd\.io\/Terraform$/,
    path: ['spec', 'destroyResourcesOnDeletion'],
    fallback: false,
    loses: one(true),
    says: 'everything it made goes with it',
  },
  {
    kind: /^ceph\.rook\.io\/CephCluster$/,
    path: ['spec', 'cleanupPolicy', 'confirmation'],
    fallback: '',
    loses: one('yes-really-destroy-data'),
    says: 'its disks are wiped when it is deleted',
  },
  {
    kind: /^ceph\.rook\.io\/CephFilesystem$/,
    path: ['spec', 'preserveFilesystemOnDelete'],
    fallback: false,
    loses: (value) => value !== true,
    says: 'its files go with it',
  },
  {
    kind: /^ceph\.rook\.io\/CephObjectStore$/,
    path: ['spec', 'preservePoolsOnDelete'],
    fallback: false,
    loses: (value) => value !== true,
    says: 'its objects go with it',
  },
  {
    kind: /^elasticsearch\.k8s\.elastic\.co\/Elasticsearch$/,
    path: ['spec', 'volumeClaimDeletePolicy'],
    fallback: 'DeleteOnScaledownAndClusterDeletion',
    loses: (value) => value !== 'DeleteOnScaledownOnly',
    says: 'its volume claims go with it',
  },
  {
    kind: /^kafka\.strimzi\.io\/Kafka$/,
    path: ['spec', 'kafka', 'storage', 'deleteClaim'],
    fallback: false,
    loses: one(true),
    says: 'its volume claims go with it',
  },
  {
    kind: /^kafka\.strimzi\.io\/KafkaNodePool$/,
    path: ['spec', 'storage', 'deleteClaim'],
    fallback: false,
    loses: one(true),
    says: 'its volume claims go with it',
  },
  {
    kind: /^postgresql\.cnpg\.io\/Database$/,
    path: ['spec', 'databaseReclaimPolicy'],
    fallback: 'retain',
    loses: one('delete'),
    says: 'what it stands for in the database goes with it',
  },
];
