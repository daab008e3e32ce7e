// `npm run preview [DIR]`: the check-run pages of the demo's two branches as GitHub would show them, one HTML file a
// run, in build/preview. Markdown is rendered as GitHub renders it (CommonMark with tables, its allow-list of tags).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import MarkdownIt from 'markdown-it';
import { checkOutput, requiredOutput } from '../src/app/present.ts';
import { judgeRepository } from '../src/gate/index.ts';
import { openRepository } from '../src/git/index.ts';
import { makeStory } from './demo/story.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const out = resolve(process.argv[2] ?? join(root, 'build', 'preview'));
mkdirSync(out, { recursive: true });

/** Tags that GitHub leaves in what users write (github/markup's sanitiser); of attributes, those that a table needs. */
const TAGS = new Set(
  'h1 h2 h3 h4 h5 h6 p br hr ul ol li blockquote pre code em strong del sub sup kbd table thead tbody tr th td a img details summary span div'.split(
    ' ',
  ),
);
const markdown = new MarkdownIt({ html: true, linkify: false });

function render(text) {
  return markdown.render(text).replace(/<(\/?)([a-zA-Z][\w-]*)([^>]*)>/g, (_, slash, name, attributes) => {
    if (!TAGS.has(name.toLowerCase())) return '';
    const align = /style="text-align:(left|right|center)"/.exec(attributes)?.[1];
    const open = name === 'details' && /\bopen\b/.test(attributes) ? ' open' : '';
    const href = /href="(https:[^"]*)"/.exec(attributes)?.[1];
    return `<${slash}${name}${align ? ` style="text-align:${align}"` : ''}${open}${href ? ` href="${href}"` : ''}>`;
  });
}

const html = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const ICON = { success: ['✓', '#1a7f37'], failure: ['✕', '#cf222e'], cancelled: ['■', '#59636e'] };
const LEVEL = {
  failure: ['✕', '#cf222e', 'Check failure'],
  warning: ['⚠', '#9a6700', 'Check warning'],
  notice: ['ⓘ', '#0969da', 'Check notice'],
};

function page(title, runs, shown) {
  const [icon, colour] = ICON[shown.output.conclusion];
  const list = runs
    .map(({ name, file, output }) => {
      const [sign, tint] = ICON[output.conclusion];
      return `<a class="run${name === shown.name ? ' chosen' : ''}" href="${file}"><b style="color:${tint}">${sign}</b> ${html(name)}</a>`;
    })
    .join('');
  const annotations = shown.output.annotations
    .map((one) => {
      const [sign, tint, word] = LEVEL[one.annotation_level];
      return `<div class="annotation" style="border-left-color:${tint}"><div><b style="color:${tint}">${sign} ${word}</b> on line ${one.start_line} in <code>${html(one.path)}</code></div><div class="rule">${html(one.title)}</div><pre>${html(one.message)}</pre></div>`;
    })
    .join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${html(title)}</title><style>${CSS}</style>
<main><nav><h3>gitops-gate</h3>${list}</nav><article>
<header><span class="icon" style="background:${colour}">${icon}</span><div><h1>${html(shown.name)}</h1><p>${html(shown.output.title)}</p></div></header>
<section class="markdown-body">${render(shown.output.summary)}</section>
${shown.output.text ? `<h2>Details</h2><section class="markdown-body">${render(shown.output.text)}</section>` : ''}
${annotations ? `<h2>Annotations (${shown.output.annotations.length})</h2>${annotations}` : ''}
</article></main></html>`;
}

const CSS = `*{box-sizing:border-box}body{margin:0;font:14px/1.5 -apple-system,"Segoe UI","Noto Sans",Helvetica,Arial,"Noto Color Emoji",sans-serif;color:#1f2328;background:#fff}
main{display:grid;grid-template-columns:250px minmax(0,1fr);max-width:1280px;margin:0 auto;gap:24px;padding:24px}nav{border-right:1px solid #d1d9e0;padding-right:12px}
nav h3{margin:4px 8px;font-size:14px}.run{display:block;padding:6px 8px;border-radius:6px;color:#1f2328;text-decoration:none}.chosen{background:#f6f8fa;font-weight:600}
header{display:flex;gap:12px;align-items:center;border-bottom:1px solid #d1d9e0;padding-bottom:12px}h1{font-size:20px;margin:0}header p{margin:0;color:#59636e}
.icon{color:#fff;border-radius:50%;width:32px;height:32px;display:inline-grid;place-items:center;font-size:18px;flex:none}article>h2{font-size:16px;margin:32px 0 8px}
.markdown-body{font-size:16px;line-height:1.5;overflow-wrap:break-word;padding-top:16px}.markdown-body h1,.markdown-body h2{border-bottom:1px solid #d1d9e0b3;padding-bottom:.3em}
.markdown-body h2{font-size:1.5em}.markdown-body h3{font-size:1.25em;margin:24px 0 16px}.markdown-body table{border-collapse:collapse;display:block;width:max-content;max-width:100%;overflow:auto;margin-bottom:16px}
.markdown-body th,.markdown-body td{border:1px solid #d1d9e0;padding:6px 13px;vertical-align:top}.markdown-body tr:nth-child(2n){background:#f6f8fa}
.markdown-body code{background:#818b981f;border-radius:6px;padding:.2em .4em;font:85% ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:break-spaces}
.markdown-body pre{background:#f6f8fa;border-radius:6px;padding:16px;overflow:auto;line-height:1.45}.markdown-body pre code{background:none;padding:0;white-space:pre}
.markdown-body blockquote{margin:0 0 16px;padding:0 1em;color:#59636e;border-left:.25em solid #d1d9e0}.markdown-body details{margin-bottom:16px}
.annotation{border:1px solid #d1d9e0;border-left:4px solid;border-radius:6px;padding:12px 16px;margin:8px 0}.annotation .rule{font-weight:600;margin-top:4px}.annotation pre{white-space:pre-wrap;font:12px/1.5 ui-monospace,Menlo,Consolas,monospace;margin:8px 0 0}`;

const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-preview-'));
try {
  makeStory(folder);
  for (const branch of ['hostile', 'clean']) {
    const repository = await openRepository(folder);
    const signal = new AbortController().signal;
    const verdict = await judgeRepository(repository, {
      base: 'main',
      head: branch,
      now: new Date(),
      version: '0.0.0',
      signal,
      urls: ['https://github.com/acme/config'],
    });
    await repository.close();
    const judged = [{ label: '#1', verdict }];
    const outputs = new Map([['gitops-gate', requiredOutput(judged)]]);
    for (const check of ['signatures', 'secrets', 'policies', 'diff'])
      outputs.set(`gitops-gate / ${check}`, checkOutput(judged, check));
    const runs = [...outputs].map(([name, output]) => ({
      name,
      output,
      file: `${branch}-${name.replace('gitops-gate / ', '')}.html`,
    }));
    for (const run of runs) writeFileSync(join(out, run.file), page(`${run.name} · ${branch}`, runs, run));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`open ${join(out, 'hostile-gitops-gate.html')}`);
