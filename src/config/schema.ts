import { z } from 'zod';

/** Whether a check closes the gate, only tells, or is not run. */
const mode = z.enum(['enforce', 'report', 'off']);
const strings = z.array(z.string().min(1));
/** A path glob: `*` within a segment, `**` across segments, `{a,b}`, `!` never. */
const glob = z.string().min(1);
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

const signer = z.strictObject({
  name: z.string().min(1).describe('principal, as scopes and reports name it'),
  emails: strings.describe('committer e-mails that identify the principal; `*` stands for any characters'),
  keys: strings
    .default([])
    .describe('openpgp:<fingerprint>, ssh:SHA256:<base64>, or x509:<issuer>#<identity>'),
  paths: z.array(glob).optional().describe('all that the signer may touch'),
  fields: strings.optional().describe('all fields the signer may change in the documents it touches'),
  requireTouch: z.boolean().optional().describe('sk keys must have been touched'),
});

const scope = z.strictObject({
  paths: z.array(glob).default(['**']),
  clusters: strings.optional().describe('reached by rendering, wherever the file lies'),
  signers: strings.min(1),
});

const cluster = z.strictObject({
  name: z.string().min(1),
  server: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  paths: z.array(glob).default([]),
  kubernetesVersion: z.string().optional(),
  apiVersions: strings.default([]),
});

/** What a policy's `authorizer` may be asked, and the answer; what is not named may be anything. */
const authorizerAnswer = z.strictObject({
  verb: z.string().min(1),
  path: z.string().min(1).optional().describe('a path that is no resource'),
  group: z.string().optional(),
  resource: z.string().min(1).optional(),
  subresource: z.string().min(1).optional().describe('without it, the resource itself'),
  namespace: z.string().optional(),
  name: z.string().min(1).optional(),
  serviceAccount: z
    .string()
    .regex(/^[^:]+:[^:]+$/)
    .optional()
    .describe('namespace:name; without it, who applies the manifests'),
  allowed: z.boolean(),
});

const plugin = z.strictObject({
  name: z.string().min(1).describe('as Applications name it (spec.source.plugin.name)'),
  command: strings
    .min(1)
    .optional()
    .describe('program by its absolute path, and its arguments; run in the sandbox, in the source folder'),
  image: z.string().min(1).optional().describe('the image that stands for it; the gate runs no containers'),
  programs: z
    .record(z.string().regex(/^[\w.-]+$/), z.string())
    .default({})
    .describe('further programs that it runs, by name, each with its absolute path'),
  files: z.array(glob).default([]).describe('files that it reads besides those of the source folder'),
});

const secretRule = z.strictObject({
  id: z.string().min(1),
  description: z.string().default(''),
  regex: z.string().min(1),
  secretGroup: z.number().int().min(0).default(0),
  keywords: strings.default([]),
  entropy: z.number().min(0).max(8).optional(),
  path: glob.optional(),
});

/** `.gitops-gate/config.yaml`, version 1. Defaults are those of a configuration that says nothing. */
export const configSchema = z.strictObject({
  version: z.literal(1),
  signatures: z
    .strictObject({
      mode: mode.default('enforce'),
      keys: z
        .string()
        .default('.gitops-gate/keys')
        .describe('folder of *.asc, *.gpg, allowed_signers, trusted_root.json, revoked, *.pem, *.crl'),
      crls: z
        .string()
        .min(1)
        .optional()
        .describe(
          "folder of authorities' lists of revoked certificates (PEM or DER); with it, S/MIME needs a current one of each authority",
        ),
      signers: z.array(signer).default([]),
      scopes: z.array(scope).default([]),
      webFlow: z.enum(['never', 'merges', 'edits']).default('never'),
    })
    .prefault({}),
  secrets: z
    .strictObject({
      mode: mode.default('enforce'),
      history: z
        .boolean()
        .default(true)
        .describe('judge the added lines of every commit, not only of the result'),
      baseline: z.string().optional(),
      allow: z
        .array(
          z.strictObject({
            rule: z.string().optional(),
            path: glob.optional(),
            regex: z.string().optional(),
            reason: z.string().min(1),
            until: day.optional(),
          }),
        )
        .default([]),
      rules: z.array(secretRule).default([]),
    })
    .prefault({}),
  policies: z
    .strictObject({
      mode: mode.default('enforce'),
      packs: strings.default(['baseline']),
      paths: strings.default([]).describe('files or folders of policies in the base'),
      ratchet: z.boolean().default(true),
      kubernetesVersion: z.string().default('1.36'),
      schemas: strings.default([]).describe('files or folders of CustomResourceDefinitions in the base'),
      data: z
        .object({
          authorizer: z
            .array(authorizerAnswer)
            .default([])
            .describe("answers of the cluster's authorizer; the first that speaks of a question decides"),
          imageData: z
            .record(z.string(), z.json())
            .default({})
            .describe('what registries say of images, by reference'),
        })
        .catchall(z.json())
        .prefault({})
        .describe('declared answers to context lookups of policies'),
      request: z
        .strictObject({
          username: z.string().optional(),
          groups: strings.default([]),
          roles: strings.default([]),
          clusterRoles: strings.default([]),
        })
        .prefault({})
        .describe('who applies the manifests in the cluster'),
    })
    .prefault({}),
  diff: z
    .strictObject({
      mode: mode.default('enforce'),
      targets: z.union([z.literal('auto'), z.array(z.string())]).default('auto'),
      remotes: z
        .union([z.enum(['declared', 'none']), z.strictObject({ allow: strings })])
        .default('declared'),
      protect: z
        .array(
          z.strictObject({
            clusters: strings.default([]),
            paths: z.array(glob).default([]),
            after: strings.optional().describe('clusters that must have the change first'),
          }),
        )
        .default([]),
      sandbox: z.enum(['required', 'auto', 'off']).default('auto'),
      clusters: z.array(cluster).default([]),
      plugins: z.array(plugin).default([]).describe('what stands for config management plugins of Argo CD'),
      helm: z.string().optional().describe('path of the helm to use'),
      kustomize: z.string().optional().describe('path of the kustomize to use'),
      kustomizeBuildOptions: z
        .string()
        .default('')
        .describe("kustomize.buildOptions of Argo CD's argocd-cm: --enable-helm, --load-restrictor"),
    })
    .prefault({}),
  branches: strings.optional().describe('governed branches; default: the default branch'),
  repositories: strings.default([]).describe("this repository's own URLs, beside what the door knows"),
  exceptions: z.string().default('.gitops-gate/exceptions.yaml'),
  approvers: strings.default([]).describe('GitHub logins and teams (org/team)'),
});

export type Config = z.output<typeof configSchema>;
export type SignerConfig = z.output<typeof signer>;
export type ScopeConfig = z.output<typeof scope>;
export type PluginConfig = z.output<typeof plugin>;
export type ClusterConfig = z.output<typeof cluster>;

/** `.gitops-gate/exceptions.yaml`: what is accepted, of whom, why and until when. */
export const exceptionsSchema = z.strictObject({
  version: z.literal(1).default(1),
  exceptions: z
    .array(
      z.strictObject({
        rule: z.string().min(1).describe('ruleId; `*` stands for any characters'),
        path: glob.optional(),
        object: z.string().optional().describe('kind/name or kind/namespace/name; `*` allowed'),
        cluster: z.string().optional(),
        reason: z.string().min(1),
        until: day,
      }),
    )
    .default([]),
});

export type Exception = z.output<typeof exceptionsSchema>['exceptions'][number];
