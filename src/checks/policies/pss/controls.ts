import type { JsonValue } from '../../../contract/index.js';
import type { FieldPath } from '../../../kubernetes/index.js';
import { goPrint, isObject, list, member, memberAt, text, textMap, texts } from '../values/json.js';
import type { ContainerView, PodView, PssViolation } from './violation.js';

/** A control: the level that it begins at, and what of a Pod breaks it. */
export interface Control {
  name: string;
  level: 'baseline' | 'restricted';
  check(pod: PodView): PssViolation[];
}

const ADDABLE = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);
const PROFILES = new Set(['RuntimeDefault', 'Localhost']);
const SELINUX_TYPES = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t']);
const VOLUMES = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
]);
const SYSCTLS: readonly (readonly [name: string, sinceMinor: number])[] = [
  ['kernel.shm_rmid_forced', 0],
  ['net.ipv4.ip_local_port_range', 0],
  ['net.ipv4.tcp_syncookies', 0],
  ['net.ipv4.ping_group_range', 0],
  ['net.ipv4.ip_unprivileged_port_start', 0],
  ['net.ipv4.ip_local_reserved_ports', 27],
  ['net.ipv4.tcp_keepalive_time', 29],
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_keepalive_intvl', 29],
  ['net.ipv4.tcp_keepalive_probes', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
];

function of(
  control: string,
  field: FieldPath,
  value: JsonValue | undefined,
  from?: ContainerView,
): PssViolation {
  const values = Array.isArray(value)
    ? value.map(goPrint)
    : value === undefined || value === ''
      ? []
      : [goPrint(value)];
  return { control, field, values, image: from?.image ?? null, implicit: value === undefined };
}

/** A field of the security context, of the Pod and of every container. */
function contexts(
  pod: PodView,
  keys: readonly string[],
  judge: (value: JsonValue | undefined, field: FieldPath, from?: ContainerView) => PssViolation[],
): PssViolation[] {
  return [
    ...judge(memberAt(pod.spec, 'securityContext', ...keys), ['spec', 'securityContext', ...keys]),
    ...each(pod, keys, judge),
  ];
}

function each(
  pod: PodView,
  keys: readonly string[],
  judge: (value: JsonValue | undefined, field: FieldPath, from: ContainerView) => PssViolation[],
): PssViolation[] {
  return pod.containers.flatMap((view) =>
    judge(
      memberAt(view.container, 'securityContext', ...keys),
      [...view.path, 'securityContext', ...keys],
      view,
    ),
  );
}

function forbidden(name: string, isBad: (value: JsonValue) => boolean) {
  return (value: JsonValue | undefined, field: FieldPath, from?: ContainerView): PssViolation[] =>
    value !== undefined && isBad(value) ? [of(name, field, value, from)] : [];
}

/** A security context that does not say it is told as `nil`: an exclusion of other values does not mean it. */
function escalation(field: FieldPath, value: JsonValue | undefined, from: ContainerView): PssViolation {
  const violation = of('Privilege Escalation', field, value, from);
  const isUnset = value === undefined && isObject(member(from.container, 'securityContext'));
  return isUnset ? { ...violation, values: ['nil'] } : violation;
}

function isWindows(pod: PodView): boolean {
  return pod.minor >= 25 && memberAt(pod.spec, 'os', 'name') === 'windows';
}

function probes(pod: PodView): PssViolation[] {
  if (pod.minor < 34) return [];
  const holders = [
    ['livenessProbe'],
    ['readinessProbe'],
    ['startupProbe'],
    ['lifecycle', 'postStart'],
    ['lifecycle', 'preStop'],
  ];
  return pod.containers.flatMap((view) =>
    holders.flatMap((holder) =>
      ['httpGet', 'tcpSocket'].flatMap((kind) => {
        const host = memberAt(view.container, ...holder, kind, 'host');
        return host === undefined || host === ''
          ? []
          : [of('Host Probes', [...view.path, ...holder, kind, 'host'], host, view)];
      }),
    ),
  );
}

function seLinux(pod: PodView): PssViolation[] {
  const name = 'SELinux';
  return contexts(pod, ['seLinuxOptions'], (options, field, from) => {
    if (!isObject(options)) return [];
    const type = text(member(options, 'type'));
    const known = SELINUX_TYPES.has(type) || (type === 'container_engine_t' && pod.minor >= 31);
    return [
      ...(known ? [] : [of(name, [...field, 'type'], type, from)]),
      ...['user', 'role']
        .filter((key) => text(member(options, key)) !== '')
        .map((key) => of(name, [...field, key], member(options, key), from)),
    ];
  });
}

function appArmor(pod: PodView): PssViolation[] {
  const name = 'AppArmor';
  const annotations = [...textMap(member(pod.metadata, 'annotations'))]
    .filter(([key]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/'))
    .filter(([, value]) => value !== '' && value !== 'runtime/default' && !value.startsWith('localhost/'))
    .map(([key, value]) => of(name, ['metadata', 'annotations', key], value));
  const fields = contexts(
    pod,
    ['appArmorProfile', 'type'],
    forbidden(name, (value) => !PROFILES.has(text(value))),
  );
  return [...annotations, ...fields];
}

function capabilities(pod: PodView, name: string, mayAdd: (capability: string) => boolean): PssViolation[] {
  return each(pod, ['capabilities', 'add'], (value, field, from) => {
    const bad = texts(value).filter((capability) => !mayAdd(capability));
    return bad.length === 0 ? [] : [of(name, field, bad, from)];
  });
}

function restrictedCapabilities(pod: PodView): PssViolation[] {
  if (pod.minor < 22 || isWindows(pod)) return [];
  const name = 'Capabilities';
  const drops = each(pod, ['capabilities', 'drop'], (value, field, from) =>
    texts(value).includes('ALL')
      ? []
      : [{ ...of(name, field, texts(value), from), implicit: value === undefined }],
  );
  return [...drops, ...capabilities(pod, name, (capability) => capability === 'NET_BIND_SERVICE')];
}

/** A setting that every container needs, from itself or from the Pod. */
function needed(
  pod: PodView,
  name: string,
  keys: readonly string[],
  isGood: (value: JsonValue) => boolean,
): PssViolation[] {
  const own = memberAt(pod.spec, 'securityContext', ...keys);
  const covered = own !== undefined && own !== null && isGood(own);
  const bad =
    own !== undefined && own !== null && !covered
      ? [of(name, ['spec', 'securityContext', ...keys], own)]
      : [];
  const inContainers = each(pod, keys, (value, field, from) => {
    if (value === undefined || value === null) return covered ? [] : [of(name, field, undefined, from)];
    return isGood(value) ? [] : [of(name, field, value, from)];
  });
  const explicit = [...bad, ...inContainers.filter(({ implicit }) => !implicit)];
  // what is set wrongly is named alone, as the standards' own checks do for profiles
  return keys.includes('seccompProfile') && explicit.length > 0 ? explicit : [...bad, ...inContainers];
}

/** All controls of the Pod Security Standards. Semantics: k8s.io/pod-security-admission/policy. */
export const CONTROLS: readonly Control[] = [
  {
    name: 'Privileged Containers',
    level: 'baseline',
    check: (pod) =>
      each(
        pod,
        ['privileged'],
        forbidden('Privileged Containers', (value) => value === true),
      ),
  },
  {
    name: 'Host Namespaces',
    level: 'baseline',
    check: (pod) =>
      ['hostNetwork', 'hostPID', 'hostIPC']
        .filter((key) => member(pod.spec, key) === true)
        .map((key) => of('Host Namespaces', ['spec', key], true)),
  },
  {
    name: 'HostPath Volumes',
    level: 'baseline',
    check: (pod) =>
      list(member(pod.spec, 'volumes')).flatMap((volume, index) =>
        isObject(member(volume, 'hostPath'))
          ? [of('HostPath Volumes', ['spec', 'volumes', index, 'hostPath'], '')]
          : [],
      ),
  },
  {
    name: 'Host Ports',
    level: 'baseline',
    check: (pod) =>
      pod.containers.flatMap((view) =>
        list(member(view.container, 'ports')).flatMap((port, index) => {
          const value = member(port, 'hostPort');
          return typeof value === 'number' && value !== 0
            ? [of('Host Ports', [...view.path, 'ports', index, 'hostPort'], value, view)]
            : [];
        }),
      ),
  },
  {
    name: '/proc Mount Type',
    level: 'baseline',
    check: (pod) =>
      each(
        pod,
        ['procMount'],
        forbidden('/proc Mount Type', (value) => value !== 'Default'),
      ),
  },
  {
    name: 'HostProcess',
    level: 'baseline',
    check: (pod) =>
      contexts(
        pod,
        ['windowsOptions', 'hostProcess'],
        forbidden('HostProcess', (value) => value === true),
      ),
  },
  { name: 'SELinux', level: 'baseline', check: seLinux },
  {
    name: 'Sysctls',
    level: 'baseline',
    check: (pod) => {
      const allowed = new Set(SYSCTLS.filter(([, since]) => pod.minor >= since).map(([name]) => name));
      return list(memberAt(pod.spec, 'securityContext', 'sysctls')).flatMap((sysctl, index) => {
        const name = text(member(sysctl, 'name'));
        return allowed.has(name)
          ? []
          : [of('Sysctls', ['spec', 'securityContext', 'sysctls', index, 'name'], name)];
      });
    },
  },
  {
    name: 'Capabilities',
    level: 'baseline',
    check: (pod) => capabilities(pod, 'Capabilities', (capability) => ADDABLE.has(capability)),
  },
  {
    name: 'Seccomp',
    level: 'baseline',
    check: (pod) =>
      pod.minor < 19
        ? []
        : contexts(
            pod,
            ['seccompProfile', 'type'],
            forbidden('Seccomp', (value) => !PROFILES.has(text(value))),
          ),
  },
  { name: 'AppArmor', level: 'baseline', check: appArmor },
  { name: 'Host Probes', level: 'baseline', check: probes },
  {
    name: 'Volume Types',
    level: 'restricted',
    check: (pod) =>
      list(member(pod.spec, 'volumes')).flatMap((volume, index) => {
        const kinds = isObject(volume) ? Object.keys(volume).filter((key) => key !== 'name') : [];
        const bad = kinds.filter((kind) => !VOLUMES.has(kind) && member(volume, kind) !== null);
        return bad.map((kind) => of('Volume Types', ['spec', 'volumes', index, kind], kind));
      }),
  },
  {
    name: 'Privilege Escalation',
    level: 'restricted',
    check: (pod) =>
      pod.minor < 8 || isWindows(pod)
        ? []
        : each(pod, ['allowPrivilegeEscalation'], (value, field, from) =>
            value === false ? [] : [escalation(field, value, from)],
          ),
  },
  {
    name: 'Running as Non-root',
    level: 'restricted',
    check: (pod) => needed(pod, 'Running as Non-root', ['runAsNonRoot'], (value) => value === true),
  },
  {
    name: 'Running as Non-root user',
    level: 'restricted',
    check: (pod) =>
      pod.minor < 23
        ? []
        : contexts(
            pod,
            ['runAsUser'],
            forbidden('Running as Non-root user', (value) => value === 0),
          ),
  },
  {
    name: 'Seccomp',
    level: 'restricted',
    check: (pod) =>
      pod.minor < 19 || isWindows(pod)
        ? []
        : needed(pod, 'Seccomp', ['seccompProfile', 'type'], (value) => PROFILES.has(text(value))),
  },
  { name: 'Capabilities', level: 'restricted', check: restrictedCapabilities },
];
