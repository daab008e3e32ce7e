import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const executablePath = '/usr/bin/chromium';
const there = existsSync(executablePath);
if (!there) console.log('chromium is not installed: the pages of the check runs are not looked at');
const run = there ? describe : describe.skip;

run('the check-run pages of the demo', () => {
  const out = mkdtempSync(join(tmpdir(), 'gate-preview-'));
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    execFileSync(process.execPath, [
      '--no-warnings',
      '--import',
      join(root, 'scripts/typescript-sources.mjs'),
      join(root, 'scripts/preview.mjs'),
      out,
    ]);
    const quiet =
      '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking';
    const args = [...quiet.split(' '), '--disable-component-update', '--disable-sync'];
    browser = await chromium.launch({ executablePath, args });
    // The width of GitHub's own page on a common laptop.
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    rmSync(out, { recursive: true, force: true });
  });

  const open = (name: string) => page.goto(pathToFileURL(join(out, `${name}.html`)).href);

  it('are ten, one for each run of each branch', () => {
    expect(readdirSync(out)).toHaveLength(10);
  });

  it('show the whole width of every table, without scrolling sideways', async () => {
    for (const file of readdirSync(out)) {
      await open(file.replace(/\.html$/, ''));
      const wide = await page.$$eval('table', (tables) =>
        tables
          // what is folded up may be wide
          .filter((table) => table.checkVisibility() && table.scrollWidth > table.clientWidth + 1)
          .map((table) => table.innerText),
      );
      expect({ file, wide }).toEqual({ file, wide: [] });
      expect(await page.locator('article').innerText()).not.toMatch(/undefined|\[object|NaN|&#/);
    }
  }, 60_000);

  it('tell the refusal from top to bottom: what to fix, what to approve, what merging will do', async () => {
    await open('hostile-gitops-gate');
    const headings = await page.locator('.markdown-body h2, .markdown-body h3').allInnerTexts();
    expect(headings[0]).toMatch(/Refused: 5 to fix, 2 to approve/);
    const order = ['Fix', 'Approve', 'Merging will', 'Checks'].map((word) =>
      headings.findIndex((heading) => heading.includes(word)),
    );
    expect(order.every((at) => at > 0)).toBe(true);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    await open('hostile-secrets');
    expect(await page.locator('.annotation').count()).toBe(3);
    await open('clean-gitops-gate');
    expect(await page.locator('header p').innerText()).toMatch(
      /^Open: 1 change on 1 cluster, signed by alice/,
    );
  });

  it('fold what is long', async () => {
    await open('hostile-diff');
    const details = page.locator('details').first();
    const before = (await details.boundingBox())?.height ?? 0;
    await details.locator('summary').click();
    expect((await details.boundingBox())?.height ?? 0).toBeGreaterThan(before);
  });
});
