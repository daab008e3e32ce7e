// `node scripts/demo/picture.mjs`: draws docs/refusal.svg, the README's picture, from what the gate really says of the
// demo's hostile branch. Needs util-linux's `script`, for the gate colours only on a terminal.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeStory } from './story.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const COLUMNS = 112;
const LINE = 17;
const GLYPH = 7.25;
const ESCAPE = '\u001b[';
const STYLE = new RegExp(`(${ESCAPE.replace('[', '\\[')}\\d+m)`);
const COLOURS = { 31: '#ff7b72', 32: '#3fb950', 33: '#d29922', 36: '#79c0ff' };

const folder = mkdtempSync(join(tmpdir(), 'gitops-gate-picture-'));
try {
  makeStory(join(folder, 'config'));
  const gate = `${process.execPath} ${join(root, 'bin/gitops-gate.mjs')}`;
  const command = `stty cols ${COLUMNS}; ${gate} check --base main --head hostile 2>/dev/null`;
  const { stdout: output } = spawnSync('script', ['-qec', command, '/dev/null'], {
    cwd: join(folder, 'config'),
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm-256color', NO_COLOR: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  writeFileSync(join(root, 'docs', 'refusal.svg'), drawing(shortened(output)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The output without the object by object diff, which the mark stands for. */
function shortened(output) {
  const lines = output.replaceAll('\r', '').trimEnd().split('\n');
  const table = lines.findIndex((line) => line.includes('Merging will'));
  const first = lines.indexOf('', table);
  const checks = lines.findIndex((line) => line.includes('Checks'));
  return [
    '\u001b[36m$ gitops-gate check --base main --head hostile\u001b[39m',
    '',
    ...lines.slice(0, first),
    '  ⋮',
    '',
    ...lines.slice(checks),
  ];
}

function drawing(lines) {
  const height = lines.length * LINE + 36;
  const width = Math.ceil(COLUMNS * GLYPH) + 40;
  const text = lines.map((line, at) => `<text x="20" y="${at * LINE + 32}">${spans(line)}</text>`).join('\n');
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-label="gitops-gate refuses a change: what to fix, what to approve, what merging would do">
<style>text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;fill:#c9d1d9;white-space:pre}.b{font-weight:bold}.d{fill:#8b949e}</style>
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${text}
</svg>
`;
}

/** ANSI styles of one line as SVG. */
function spans(line) {
  const state = { bold: false, dim: false, colour: null };
  let svg = '';

  for (const part of line.split(STYLE)) {
    const code = part.startsWith(ESCAPE) ? part.slice(2, -1) : undefined;
    if (code === undefined) {
      const classes = [state.bold ? 'b' : '', state.dim && !state.colour ? 'd' : '']
        .filter(Boolean)
        .join(' ');
      const fill = state.colour ? ` style="fill:${state.colour}"` : '';
      const escaped = part
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll(' ', '\u00a0');
      if (part !== '') svg += `<tspan${classes ? ` class="${classes}"` : ''}${fill}>${escaped}</tspan>`;
    } else if (code === '1') state.bold = true;
    else if (code === '2') state.dim = true;
    else if (code === '22') Object.assign(state, { bold: false, dim: false });
    else if (code === '39') state.colour = null;
    else state.colour = COLOURS[code] ?? state.colour;
  }
  return svg;
}
