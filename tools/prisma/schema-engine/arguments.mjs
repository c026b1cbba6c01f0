/** Options that take a value and that the WebAssembly engine has no use for. */
const IGNORED = new Set(['--enabled-preview-features', '--extension-types']);

/**
 * Reads the command line that the Prisma CLI gives to its schema engine.
 *
 * @param {string[]} argv
 * @returns {{ datamodels: string[], datasource: { url?: string, shadowDatabaseUrl?: string }, command?: string, version: boolean }}
 */
export function parseArguments(argv) {
  const args = { datamodels: [], datasource: {}, command: undefined, version: false };
  for (let i = 0; i < argv.length; i++) {
    const name = argv[i];
    if (name === '--datamodels' || name === '-d') args.datamodels.push(argv[++i]);
    else if (name === '--datasource') args.datasource = JSON.parse(argv[++i]);
    else if (name === '--version' || name === '-V') args.version = true;
    else if (name === 'cli') args.command = argv[++i];
    else if (IGNORED.has(name)) i++;
  }
  return args;
}
