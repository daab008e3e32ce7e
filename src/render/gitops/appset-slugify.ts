import { Unresolved } from '../inputs/input-set.js';

/**
 * `slugify` as a named template (Argo CD applicationset/utils SlugifyName: SanitizeName, then gosimple/slug Make): of a
 * list of up to three, the last is the name, the first the greatest length (50), the second whether to cut at a dash.
 */
export const SLUGIFY = `{{- define "argocd.slugify" -}}
{{- $max := 50 -}}{{- $smart := true -}}
{{- if gt (len .) 1 -}}{{- $max = int (index . 0) -}}{{- end -}}
{{- if gt (len .) 2 -}}{{- $smart = index . 1 -}}{{- end -}}
{{- $slug := include "argocd.normalize" (last .) -}}
{{- if and (not $smart) (ge (len $slug) $max) -}}{{- $slug = substr 0 $max $slug -}}{{- end -}}
{{- $slug = regexReplaceAllLiteral "[^a-zA-Z0-9_-]" $slug "-" -}}
{{- $slug = regexReplaceAllLiteral "-+" $slug "-" | trimAll "-_" -}}
{{- if and $smart (gt $max 0) (gt (len $slug) $max) -}}
{{- $head := substr 0 (int (add $max 1)) $slug -}}
{{- if contains "-" $head -}}{{- $slug = regexReplaceAllLiteral "-[^-]*$" $head "" -}}
{{- else -}}{{- $slug = substr 0 $max $slug -}}{{- end -}}
{{- end -}}
{{- $slug -}}
{{- end -}}
`;

/** Functions of helm's engine that Argo CD's templates do not have: they fail there. */
export const HELM_ONLY =
  /\b(include|tpl|required|lookup|toToml|fromToml|mustToToml|mustToYaml|toYamlPretty|fromJsonArray)\b/;

/**
 * An action in which calls of `slugify` are made calls of the named template: arguments up to a pipe or a closing
 * bracket, and what is piped in after them.
 * @throws Unresolved for a call whose end cannot be told
 */
export function withSlugify(action: string): string {
  const call = /(?<![.$\w"])slugify\b((?:\s+(?:"(?:[^"\\]|\\.)*"|`[^`]*`|[^\s|()"`]+))*)(?=\s*(?:[|)]|-?$))/g;
  let calls = 0;
  const replaced = action.replace(call, (_, written: string) => {
    calls += 1;
    const trimmed = written.trimEnd();
    const closes = /\s-$/.test(trimmed) ? ' -' : '';
    return `list${trimmed.slice(0, trimmed.length - closes.length)} | include "argocd.slugify"${closes}`;
  });
  const wanted =
    action.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""').match(/(?<![.$\w])slugify\b/g)?.length ?? 0;
  if (calls !== wanted) throw new Unresolved('its templates call slugify in a way that the gate cannot read');
  return replaced;
}
