import { field, type JsonMap, text } from '../inputs/json-shape.js';
import { nameOf, namespaceOf } from './kinds.js';

/** The namespace that Argo CD runs in, where an Application does not say its own. */
export const ARGOCD_NAMESPACE = 'argocd';

/** What Argo CD calls an Application: of another namespace than its own, with that in front (Application.InstanceName). */
export function instanceName(application: JsonMap): string {
  const namespace = namespaceOf(application);
  const name = nameOf(application);
  return namespace === '' || namespace === ARGOCD_NAMESPACE ? name : `${namespace}_${name}`;
}

/** Stands for the revision, which differs between the two sides of every change. */
const REVISION = 'revision';

/**
 * The build environment of an Application's source (Argo CD: reposerver/repository newEnv). What depends on the revision
 * is a constant, so that two sides differ by what they say alone.
 */
export function buildEnvironment(application: JsonMap, source: JsonMap): ReadonlyMap<string, string> {
  return new Map([
    ['ARGOCD_APP_NAME', instanceName(application)],
    ['ARGOCD_APP_NAMESPACE', text(application, 'spec', 'destination', 'namespace') ?? ''],
    ['ARGOCD_APP_PROJECT_NAME', text(application, 'spec', 'project') ?? ''],
    ['ARGOCD_APP_REVISION', REVISION],
    ['ARGOCD_APP_REVISION_SHORT', REVISION],
    ['ARGOCD_APP_REVISION_SHORT_8', REVISION],
    ['ARGOCD_APP_SOURCE_REPO_URL', text(source, 'repoURL') ?? ''],
    ['ARGOCD_APP_SOURCE_PATH', text(source, 'path') ?? ''],
    ['ARGOCD_APP_SOURCE_TARGET_REVISION', text(source, 'targetRevision') ?? ''],
  ]);
}

/** `$NAME` and `${NAME}` replaced; `$$` is a dollar; what is not known becomes empty (Env.Envsubst). */
export function envsubst(written: string, environment: ReadonlyMap<string, string>): string {
  return written.replace(/\$(\$|\{(\w+)\}|(\w+))/g, (_, all: string, braced?: string, bare?: string) =>
    all === '$' ? '$' : (environment.get(braced ?? bare ?? '') ?? ''),
  );
}

/** A field that is true. */
export function isTrue(value: JsonMap, ...path: readonly string[]): boolean {
  return field(value, ...path) === true;
}
