import { checkHome } from './check.ts';
import { startHome } from './home.ts';

const [command, file] = process.argv.slice(2);
if (command === 'check' && file !== undefined) {
  const { isClear, lines } = await checkHome(file);
  console.log(lines.join('\n'));
  process.exit(isClear ? 0 : 1);
}
if (command !== undefined) {
  console.error('home knows no argument but "check FILE".');
  process.exit(2);
}
const started = Date.now();
try {
  const home = await startHome(process.env, { say: (line) => console.error(line) });
  console.log(`\nHeirloom is running. Open ${home.address}`);
  console.log(
    `Everything is kept in ${home.folders.data}. Started in ${((Date.now() - started) / 1000).toFixed(1)} s. Ctrl-C stops it.\n`,
  );
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    console.log('Stopping …');
    await home.close();
    console.log('Stopped. Nothing is running any more.');
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  void home.databaseEnded.then(() => {
    if (!stopping)
      console.error('The database has ended by itself. Its log is in the data folder, under postgres/log.');
    return stop(1);
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
