import { createHash } from 'node:crypto';
import type { CheckReport, ObjectChange, Verdict } from '../contract/index.js';
import { fieldChange } from './field-value.js';
import { HTML_STYLE } from './html-style.js';
import type { Issue, Place } from './issue.js';
import { alikeIn, type MergingRow, type SameChange } from './merging.js';
import { notesOf } from './notes.js';
import { type Outline, outlineOf, thingsOf, type Unverified } from './outline.js';
import { createdLines } from './value-lines.js';
import { visible } from './visible.js';
import { count, debtWords, listed, objectName, shortSha, sourceName } from './words.js';

/** Lines of one new object. */
const MOST_CREATED = 200;

/**
 * The whole verdict as one HTML file: no script, nothing loaded from anywhere (its own Content-Security-Policy says
 * so), readable in light and dark, everything of the repository escaped.
 */
export function writeHtml(verdict: Verdict): string {
  const outline = outlineOf(verdict);
  const hash = createHash('sha256').update(HTML_STYLE).digest('base64');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${esc(outline.headline)}</title>
<style>${HTML_STYLE}</style>
</head>
<body>
${header(outline)}
${issues('Fix', 'fix', outline.fix)}
${issues(`Approve (${outline.approvers})`, 'approve', outline.approve)}
${unverified('Not verified', outline.unverified)}
${issues('Would refuse: these checks only report', 'approve', outline.wouldRefuse)}
${merging(outline)}
${issues('Approved', 'ok', outline.approved)}
${told(outline.told)}
${signatures(verdict)}
${checks(verdict.report.checks)}
${notesOf(outline)
  .map((note) => `<p class="dim">${prose(note)}</p>`)
  .join('\n')}
</body>
</html>
`;
}

function esc(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Prose with commands between backticks. */
function prose(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .split('`')
        .map((part, index, parts) =>
          index % 2 === 1 && index < parts.length - 1 ? `<code>${esc(part)}</code>` : esc(part),
        )
        .join(''),
    )
    .join('<br>');
}

function header({ headline, verdict }: Outline): string {
  const { report } = verdict;
  const kind = { success: 'ok', failure: 'fix', error: 'fix' }[report.conclusion];
  const change =
    report.base === null || report.head === null
      ? ''
      : `<p class="dim">merging <code>${esc(shortSha(report.head))}</code> into <code>${esc(shortSha(report.base))}</code></p>`;
  return `<header class="${kind}"><h1>${esc(headline)}</h1>${change}</header>`;
}

function issues(title: string, kind: string, list: readonly Issue[]): string {
  if (list.length === 0) return '';
  return `<section><h2 class="${kind}">${esc(title)} <small>${list.length}</small></h2>${list.map((issue) => article(issue, kind)).join('\n')}</section>`;
}

function article(issue: Issue, kind: string): string {
  const places = issue.places.map(placeName);
  const reached = issue.clusters.length > 0 ? issue.clusters : issue.targets;
  return `<article class="${kind}">
<p class="place">${places.length === 0 ? '' : `<code>${esc(listed(places, 20))}</code> `}<span class="dim">${esc(issue.ruleId)}</span></p>
<p>${prose(issue.message)}</p>
${issue.excerpt === null ? '' : `<pre>${issue.excerpt.line} │ ${esc(issue.excerpt.text.trimEnd())}</pre>`}
${reached.length === 0 ? '' : `<p class="dim">reaches ${esc(listed(reached, 40))}</p>`}
${issue.approvedBy === null ? '' : `<p class="dim">approved by ${esc(issue.approvedBy)}</p>`}
${issue.help === '' ? '' : `<p class="help">${prose(issue.help)}</p>`}
</article>`;
}

function placeName(place: Place): string {
  const file = place.path === null ? '' : `${place.path}${place.line === null ? '' : `:${place.line}`}`;
  if (place.commit === null) return file;
  return `${file}${file === '' ? '' : ' in '}commit ${shortSha(place.commit)}`;
}

function unverified(title: string, items: readonly Unverified[]): string {
  if (items.length === 0) return '';
  const rows = items.map(
    (item) =>
      `<tr><td><code>${esc(listed([item.what, ...item.others], 20))}</code></td><td>${prose(item.reason)}</td><td>${esc(item.check)}</td></tr>`,
  );
  return `<section><h2 class="fix">${title} <small>${thingsOf(items)}</small></h2><table>${rows.join('')}</table></section>`;
}

function merging({ rows, changes }: Outline): string {
  if (rows.length === 0) return '';
  const body = rows.map(tableRow).join('');
  return `<section><h2>Merging will</h2>
<table class="numbers"><tr><th>clusters</th><th>targets</th><th>create</th><th>change</th><th>replace</th><th>delete</th><th>impacts</th><th>waiting</th><th>unknown</th></tr>${body}</table>
${changes.map(sameChange).join('\n')}</section>`;
}

function tableRow({ clusters, targets, counts, impacts, waiting, unknown }: MergingRow): string {
  const { create, update, replace, delete: gone } = counts;
  const cells = [create, update, replace, gone, impacts, waiting, unknown].map((n, index) =>
    index >= 2 && n > 0 ? `<td><b>${n}</b></td>` : `<td>${n}</td>`,
  );
  return `<tr><td>${esc(listed(clusters, 8))}</td><td>${esc(listed(targets, 4))}</td>${cells.join('')}</tr>`;
}

function sameChange(group: SameChange): string {
  return `<details><summary>${esc(listed(group.targets, 4))} <span class="dim">${count(group.changes.length, 'object')}</span></summary>
${alikeIn(group.changes).map(objectChanges).join('\n')}</details>`;
}

/** Objects to which the same is done, and last what it is. */
function objectChanges(alike: readonly [ObjectChange, ...ObjectChange[]]): string {
  const heads = alike.map(({ action, object, source, impacts }) => {
    const aside = [sourceName(source), impacts.join(', ')].filter((text) => text !== '').join(': ');
    return `<p><b>${action}</b> ${esc(objectName(object))}${aside === '' ? '' : ` <span class="dim">${esc(aside)}</span>`}</p>`;
  });
  return `<div class="${alike[0].action}">${heads.join('')}${fieldsOf(alike[0])}</div>`;
}

/** What an object becomes: of a new one its content, as far as people read it. */
function fieldsOf({ action, fields }: ObjectChange): string {
  if (action === 'delete') return '';
  if (action !== 'create')
    return `<ul>${fields.map((field) => `<li><code>${esc(fieldChange(field, 300))}</code></li>`).join('')}</ul>`;
  const lines = createdLines(fields);
  const more = lines.length - MOST_CREATED;
  const text = lines.slice(0, MOST_CREATED).map((line) => `+ ${line}`);
  if (more > 0) text.push(`  and ${count(more, 'more line')}`);
  return text.length === 0 ? '' : `<pre>${text.map(esc).join('\n')}</pre>`;
}

function told(list: readonly Issue[]): string {
  if (list.length === 0) return '';
  return `<section><details><summary>${count(list.length, 'notice')}</summary>${list.map((issue) => article(issue, 'told')).join('\n')}</details></section>`;
}

function signatures({ report }: Verdict): string {
  const { commits } = report.signatures;
  if (commits.length === 0) return '';
  const rows = commits.map(
    (commit) =>
      `<tr><td><code>${esc(shortSha(commit.sha))}</code></td><td>${esc(commit.verdict)}</td><td>${esc(commit.signer ?? '')}</td><td><code>${esc(commit.fingerprint ?? '')}</code></td></tr>`,
  );
  return `<section><details><summary>${count(commits.length, 'commit')}</summary><table>${rows.join('')}</table></details></section>`;
}

function checks(list: readonly CheckReport[]): string {
  const rows = list.map((check) => {
    const kind = check.conclusion === 'success' ? (check.mode === 'report' ? 'approve' : 'ok') : 'fix';
    const debt = debtWords(check.debt);
    return `<tr><td class="${kind}">${esc(check.name)}</td><td>${esc(check.summary)}</td><td>${check.mode}</td><td>${debt}</td></tr>`;
  });
  return `<section><h2>Checks</h2><table>${rows.join('')}</table></section>`;
}
