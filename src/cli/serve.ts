import type { Declare } from './command.js';
import { packageVersion } from './version.js';

const EXAMPLES = `
Settings are Probot's own environment variables (APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, HOST, PORT, GHE_HOST, ...), or
DATA/.env. Without them the first start registers the App: it prints an address to open in a browser. The log goes to
standard output, a JSON object a line; GET /healthz answers "ok". SIGTERM and SIGINT stop it without losing anything.

Examples:
  gitops-gate serve --data /var/lib/gitops-gate
  HOST=0.0.0.0 PORT=8080 gitops-gate serve
`;

/** `serve`: the GitHub App. */
export const declare: Declare = (command, start) => {
  command
    .option('--data <dir>', 'folder of its files (default: GITOPS_GATE_DATA, else ./gitops-gate-data)')
    .addHelpText('after', EXAMPLES)
    .action((options: { data?: string }) => {
      start(async ({ terminal, signal }) => {
        const { serve } = await import('../app/index.js');
        await serve({
          env: terminal.env,
          data: options.data,
          version: packageVersion(),
          log: terminal.stdout,
          say: (line) => void terminal.stderr.write(`${line}\n`),
          signal,
        });
        return 0;
      });
    });
};
