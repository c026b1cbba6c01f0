import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { repository } from '../system/processes.ts';

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const screenshots = path.join(repository, 'test-output/screenshots');

/** What must never happen, and is looked at by {@link Visitor.mustBeClean}. */
interface Complaints {
  /** Errors of scripts, refusals of the content security policy, messages on the console. */
  console: string[];
  /** Requests to another origin than the pages' own. */
  outside: string[];
}

/** A person with a browser profile of their own, in which nobody has been before. */
export class Visitor implements AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly address: string;
  readonly #complaints: Complaints;

  private constructor(address: string, context: BrowserContext, page: Page, complaints: Complaints) {
    this.address = address;
    this.context = context;
    this.page = page;
    this.#complaints = complaints;
  }

  /** Opens a fresh profile. @param address - of the system, for example http://localhost:8080 */
  static async arrive(
    browser: Browser,
    address: string,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      locale: 'en-GB',
      acceptDownloads: true,
      ...options,
    });
    const complaints: Complaints = { console: [], outside: [] };
    const { origin } = new URL(address);
    context.on('console', (message) => {
      // Chromium reports every answer that is not 2xx, which may be just what a test provokes.
      if (!message.text().startsWith('Failed to load resource')) complaints.console.push(message.text());
    });
    context.on('weberror', (error) => complaints.console.push(String(error.error())));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.origin !== origin && url.protocol.startsWith('http')) complaints.outside.push(request.url());
    });
    return new Visitor(address, context, await context.newPage(), complaints);
  }

  /** Opens an address of the app, for example `/albums`. */
  async open(place: string): Promise<void> {
    await this.page.goto(new URL(place, this.address).href);
  }

  /** @throws Error when a script failed, the content security policy refused something, or anything was asked for outside */
  mustBeClean(): void {
    const { console: said, outside } = this.#complaints;
    if (said.length > 0 || outside.length > 0)
      throw new Error(`the page complained: ${JSON.stringify({ said, outside })}`);
  }

  /** What axe finds against WCAG 2.2 AA on the page as it is now: a line for each, none when all is well. */
  async accessibilityFaults(): Promise<string[]> {
    await this.page.evaluate(await axeSource);
    const { violations } = await this.page.evaluate<AxeResults>(
      // What React Aria has announced stays for seconds, also when the button that it names has gone.
      `axe.run({ exclude: ['[data-live-announcer]'] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
    );
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    );
  }

  /** Whether the page is wider than the screen. */
  async overflowPixels(): Promise<number> {
    return await this.page.evaluate<number>(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
  }

  /** Keeps a picture of the page in test-output/screenshots. */
  async screenshot(name: string): Promise<void> {
    await mkdir(screenshots, { recursive: true });
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }
}
