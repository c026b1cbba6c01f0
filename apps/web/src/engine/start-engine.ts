import { expose } from 'comlink';
import { openDeviceDatabase } from './device-database.ts';
import { engineOf } from './engine.ts';
import { EngineContext } from './engine-context.ts';
import { carryErrors } from './errors.ts';
import { openChanges } from './topics.ts';

/** The engine: keys, crypto, the index and the network, off the page's thread. One for each tab. */
carryErrors();
const changes = openChanges();
const database = await openDeviceDatabase(() => {
  // The browser cleared it, or another tab needs it: nothing here works any more, and the page is told to begin anew.
  self.postMessage('lost');
  self.close();
});
const context = new EngineContext(database, changes, self.location.origin);
// What another tab did to the sign-in counts here too.
changes.listen((topics) => {
  if (topics.includes('session')) context.forget();
  if (topics.includes('timeline')) context.notes = null;
});
expose(engineOf(context));
// Messages that came before `expose` are lost, so the page waits for this one.
self.postMessage('ready');
