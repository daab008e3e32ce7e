/** How a file is written, as far as it matters to what counts as a literal in it. */
export type FileKind = 'config' | 'code' | 'prose' | 'lock';

const CODE =
  /\.(?:[cm]?[jt]sx?|vue|svelte|go|py|pyi|rb|java|kt|kts|scala|groovy|cs|fs|vb|c|cc|cpp|h|hpp|m|mm|rs|swift|php|pl|pm|lua|r|jl|ex|exs|erl|hs|clj|dart|sol|zig|nim|rego|cue|jsonnet|libsonnet|star|bzl|proto|graphql|sql|css|scss|less|html?|j2|jinja2|tmpl|tpl|gotmpl|ipynb|map|snap|bicep)$/i;
const PROSE =
  /\.(?:md|mdx|markdown|rst|adoc|asciidoc|txt|org|tex|pod|man|[1-8])$|(?:^|\/)(?:README|CHANGELOG|LICENSE|NOTICE|CONTRIBUTING)[^/]*$/i;
const LOCK =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|go\.work\.sum|poetry\.lock|uv\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|flake\.lock|mix\.lock|pubspec\.lock|Podfile\.lock|\.terraform\.lock\.hcl|gradle\.lockfile|bun\.lockb?|deno\.lock|packages\.lock\.json|Chart\.lock)$|\.min\.(?:js|css)$/i;

/** Paths whose answers are kept: a file is asked about several times while it is scanned, and so are its parts. */
const MOST_KEPT = 64;

/** The same function, which remembers the answers for the last paths. */
function remembered<T extends FileKind | boolean>(judge: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>();
  return (path) => {
    const answer = known.get(path);
    if (answer !== undefined) return answer;
    if (known.size >= MOST_KEPT) known.clear();
    const judged = judge(path);
    known.set(path, judged);
    return judged;
  };
}

/** Judged by the path alone: what the rules do with it only shifts how sure a guess is. */
export const fileKind = remembered((path): FileKind => {
  if (LOCK.test(path)) return 'lock';
  if (CODE.test(path)) return 'code';
  if (PROSE.test(path)) return 'prose';
  return 'config';
});

/** A folder of tests and their data. */
const TEST_FOLDER =
  /^(?:tests?|testing|testdata|test[-_]data|__tests__|__mocks__|__fixtures__|fixtures?|mocks?|e2e|specs?|testutils?|test-[\w-]+|\.?[\w-]*-tests?|conformance)$/i;
const TEST_FILE = /^test_|[_.-](?:test|tests|spec|mock|fixture)s?\.[A-Za-z]{1,40}$/i;
const SAMPLE_PATH =
  /(?:^|\/)(?:examples?|samples?|docs?|documentation|demos?|tutorials?|quickstart|templates?-example|website)\/|[._-](?:example|sample|template|dist|tpl|tmpl)(?:\.[A-Za-z]+)?$|(?:^|\/)(?:example|sample)[._-]/i;

/** Where `test` may name an environment that runs, not data of a test: `clusters/test/`, `envs/testing/`. */
const ENVIRONMENTS =
  /^(?:clusters?|env(?:ironment)?s?|overlays?|stages?|tenants?|regions?|namespaces?|kubernetes|k8s|gitops|apps|deploy(?:ments?)?)$/i;
const NAMED_TEST = /^(?:tests?|testing|e2e)$/i;
/** Folders that may stand between the two. */
const BETWEEN = 3;

/** Recorded traffic: nobody made it up, whatever it is used for. */
const RECORDED = /(?:^|\/)(?:(?:vcr[-_])?cassettes?|recordings?)\/|\.har$/i;
/** What people of one house write for each other: how to get in, who has been in, what to do at night. */
const WITHIN_THE_HOUSE =
  /(?:^|\/)[^/]*(?:run-?books?|play-?books?|incidents?|post-?mortems?|on-?boarding|on-?call|hand-?overs?|break-?glass|credentials?|passwords?|logins?|tickets?|wiki|internal|operations|support|meetings?|notes|howto|how-to|access)[^/]*(?:\/|$)/i;

/** Test data and fixtures: what is only likely elsewhere is a guess there. */
export const isTestPath = remembered((path): boolean => {
  const parts = path.split('/');
  const file = parts.pop() ?? '';
  const values = parts.at(-1)?.toLowerCase() === 'ci' && /values/i.test(file) && /\.ya?ml$/i.test(file);
  return (values || TEST_FILE.test(file) || hasTestFolder(parts)) && !RECORDED.test(path);
});

/** One folder called `test` below one of environments is itself an environment. */
function hasTestFolder(folders: readonly string[]): boolean {
  let environment = false;
  return folders.some((folder, i) => {
    if (!TEST_FOLDER.test(folder)) return false;
    if (environment || !NAMED_TEST.test(folder)) return true;
    environment = folders.slice(Math.max(0, i - 1 - BETWEEN), i).some((other) => ENVIRONMENTS.test(other));
    return !environment;
  });
}

/** Without the ending of templates that others of a Helm chart include: they are no samples of anything. */
function withoutHelper(path: string): string {
  return path.endsWith('.tpl') && /(?:^|\/)templates\//.test(path) ? path.slice(0, -'.tpl'.length) : path;
}

/** Documentation and examples: generic values in them are guesses. */
export const isSamplePath = remembered(
  (path): boolean =>
    SAMPLE_PATH.test(withoutHelper(path)) && !(fileKind(path) === 'prose' && WITHIN_THE_HOUSE.test(path)),
);
