/**
 * Decides which documents are parsed: parsing costs more than all of the text rules. A question to the text, so it must
 * hold however YAML lets a word be written: it may say yes too often, never no to a document with such a kind or section.
 */

/** Kinds and sections that are judged by their structure. Aliases repeat what stands in the same document. */
const SECTIONS =
  /stringData|(?:secret|configMap|Secret|ConfigMap)Generator|\bbinaryData|last-applied-configuration|encryptedData|SealedSecret|ENC\[AES256_GCM|ExternalSecret|SecretStore|SecretProviderClass|secretTemplates|dockerconfigjson|\bksops|vault\.hashicorp\.com\/a|\bsecrets\.(?:hashicorp|infisical)\.com\//;

/** `kind: Secret` and patches of a Secret's data; or what follows the key is no plain word but a property, an alias, a
 *  block or a comment. */
const KINDS =
  /\bkind["']?\s*(?:#|:\s*(?:["']?Secret(?:List)?\b|[*&!|>#]))|\bpath["']?\s*(?:#|:\s*(?:["']?\/(?:data|stringData)\b|[*&!|>#]))/;

/** Text in base64, and tags under a name of their own: a word may stand behind them in no letter. */
const BINARY = /!(?:!|<tag:yaml\.org,2002:)binary/;

/** Keys that do not stand beside their value: explicit ones, and aliases of a scalar that has an anchor. */
const ANCHOR = /&(?<![^\s,[{]&)([\w-]+|[^\s,[\]{}])/g;
const ALIAS_AS_KEY = /\*(?<![^\s,[{]\*)(?=([\w-]+|.))[^\s,[\]{}]+\s*[:#]/g;
/** What such a key may then have as its value, wherever that stands. */
const SECRET_SCALAR =
  /(?:^|[\s"':,[{])Secret(?:List)?(?:["']|[ \t]*(?:$|[#,:\]}]))|(?:^|[\s"':,[{])\/(?:data|stringData)\b/m;

/** Escapes of quoted text that can stand for letters or take a line break out of a word. */
const ESCAPES =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(?:\r\n|[\n\r\u0085\u2028\u2029])[ \t]*)/g;
const HAS_ESCAPES = new RegExp(ESCAPES.source);

/** Names of secrets beside a value or in a list of arguments: an environment, a command line. */
const FIELDS =
  /\b(?:secureJsonData|secretEnv(?:Vars)?|envSecrets|secretData|secretValues)["']?\s*:|\bname["']?\s*:\s*["']?[\w.-]{0,60}(?:pass|pwd|secret|token|key|cred)[\w.-]{0,60}["']?\s*(?:,\s*)?["']?(?:value|string)["']?\s*:|\bvalue["']?\s*:[^\n]{1,300}(?:\n\s*)?["']?name["']?\s*:\s*["']?[\w.-]{0,60}(?:pass|pwd|secret|token|key|cred)[\w.-]{0,60}["']?\s*$|["'\s]--?[\w.-]{0,60}(?:pass|pwd|secret|token|key|cred)[\w.-]{0,60}["']?(?:\s*,|[^\S\n]*\n\s*-\s)/im;

/** True for a text with a kind or section that holds secrets: what in it cannot be parsed has not been judged. */
export function holdsSecretKinds(text: string): boolean {
  return (
    (text.includes('!') && BINARY.test(text)) ||
    hasDirective(text) ||
    saysSecret(text) ||
    (text.includes('\\') && HAS_ESCAPES.test(text) && saysSecret(withoutEscapes(text)))
  );
}

/** A line that starts with `%`: it may give tags another name. */
function hasDirective(text: string): boolean {
  for (let at = text.indexOf('%'); at !== -1; at = text.indexOf('%', at + 1)) {
    const before = text[at - 1];
    if (before === undefined || before === '\n' || before === '\r') return true;
  }
  return false;
}

function saysSecret(text: string): boolean {
  if (SECTIONS.test(text) || KINDS.test(text)) return true;
  if (!/Secret|\/data|\/stringData/.test(text) || !SECRET_SCALAR.test(text)) return false;
  return hasAliasAsKey(text) || hasExplicitKey(text);
}

/** A question mark where a key may begin, behind a key's properties at most: what belongs to it may stand anywhere. */
function hasExplicitKey(text: string): boolean {
  for (let at = text.indexOf('?'); at !== -1; at = text.indexOf('?', at + 1)) {
    if (!/\s/.test(text[at + 1] ?? '')) continue;
    let end = at;
    while (text[end - 1] === ' ' || text[end - 1] === '\t') end--;
    if (end === 0 || /[-?:,[{>\n\r\u2028\u2029]/.test(text[end - 1] as string)) return true;
    let start = end;
    while (start > 0 && !/[\s,[\]{}]/.test(text[start - 1] as string)) start--;
    // A tag or an anchor.
    if (/[!&]/.test(text[start] as string) && !/[\]}]/.test(text[start - 1] ?? '')) return true;
  }
  return false;
}

/**
 * An alias where a key may stand, of an anchor that the text has. Readers differ in which signs a name may have, but none
 * ends it before its first letters and digits do: names that begin otherwise are the same to none of them.
 */
function hasAliasAsKey(text: string): boolean {
  if (!text.includes('*') || !text.includes('&')) return false;
  const aliases = new Set<string>();
  for (const alias of text.matchAll(ALIAS_AS_KEY)) aliases.add(alias[1] ?? '');
  if (aliases.size === 0) return false;
  for (const anchor of text.matchAll(ANCHOR)) if (aliases.has(anchor[1] ?? '')) return true;
  return false;
}

/** True when a text must be parsed: a kind that structure knows, or names of secrets beside values or arguments. */
export function callsForStructure(text: string, sensitive: boolean): boolean {
  return holdsSecretKinds(text) || (sensitive && FIELDS.test(text));
}

/** What quoted text says if all that looks like an escape is one. */
function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, (_, two?: string, four?: string, eight?: string) => {
    const point = Number.parseInt(two ?? four ?? eight ?? '', 16);
    return point < 0x110000 ? String.fromCodePoint(point) : '';
  });
}

/** Its separator stays: without it, what follows would belong to the document before. */
function blanked(part: string): string {
  return `${part.startsWith('---') ? '---' : ''}${part.replace(/[^\n]+/g, '')}`;
}

/**
 * The text with those YAML documents blanked that nothing calls to be parsed; lines stay where they are. `---` at the
 * start of a line always ends a document (YAML 1.2, 9.1.2), even inside a scalar.
 */
export function onlyCalledFor(text: string): string {
  // A directive says what tags mean in the document behind the next `---`.
  if (text.length < 4096 || !/^---/m.test(text) || hasDirective(text)) return text;
  return text
    .split(/^(?=---(?:\s|$))/m)
    .map((part) => (callsForStructure(part, true) ? part : blanked(part)))
    .join('');
}
