import type { AllowedHandle, NewFile } from './queued-file.ts';

/** What systems leave in folders, and what people do not mean when they drop one: left out as the command line does. */
const isHidden = (name: string) => name.startsWith('.') || /^(thumbs\.db|desktop\.ini)$/i.test(name);

interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
}

/**
 * The files of a drop, those in folders too. Call it within the drop's own event: the browser forgets the items after it.
 */
export async function filesOfDrop(transfer: DataTransfer): Promise<NewFile[]> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file') as HandleItem[];
  // All of these have to be asked for before anything is awaited.
  const drops = items.map((item) => ({
    handle: item.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null),
    entry: item.webkitGetAsEntry(),
    file: item.getAsFile(),
  }));
  const found = await Promise.all(
    drops.map(async ({ handle, entry, file }) => {
      const opened = await handle;
      if (opened) return await filesOfHandle(opened, opened);
      if (entry?.isDirectory) return await filesOfEntry(entry);
      return file ? [{ file }] : [];
    }),
  );
  return found.flat();
}

/** The files of an `<input>`, which names whole folders with `webkitdirectory`. */
export const filesOfInput = (files: Iterable<File>): NewFile[] =>
  [...files]
    .filter(({ webkitRelativePath }) => !webkitRelativePath.split('/').slice(1).some(isHidden))
    .map((file) => ({ file }));

async function filesOfHandle(handle: FileSystemHandle, root: AllowedHandle): Promise<NewFile[]> {
  if (handle instanceof FileSystemFileHandle) return [{ file: await handle.getFile(), handle, root }];
  if (!(handle instanceof FileSystemDirectoryHandle)) return [];
  const found: NewFile[] = [];
  for await (const child of handle.values())
    if (!isHidden(child.name)) found.push(...(await filesOfHandle(child, root)));
  return found;
}

async function filesOfEntry(entry: FileSystemEntry): Promise<NewFile[]> {
  if (isFileEntry(entry))
    return [{ file: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) }];
  if (!isFolderEntry(entry)) return [];
  const reader = entry.createReader();
  const found: NewFile[] = [];
  // A reader gives a folder in portions, and an empty one at its end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const child of some) if (!isHidden(child.name)) found.push(...(await filesOfEntry(child)));
  }
}

const isFileEntry = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolderEntry = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const sharedCache = 'heirloom-shared-files';

/** Takes the files that another app shared, which the service worker has put by. */
export async function takeSharedFiles(add: (files: NewFile[]) => Promise<unknown>): Promise<void> {
  if (!('caches' in globalThis) || !(await caches.has(sharedCache))) return;
  const cache = await caches.open(sharedCache);
  for (const request of await cache.keys()) {
    const response = await cache.match(request);
    if (!response) continue;
    const name = decodeURIComponent(response.headers.get('x-file-name') ?? '') || 'photo';
    const lastModified = Number(response.headers.get('x-modified-at')) || Date.now();
    const type = response.headers.get('content-type') ?? '';
    await add([{ file: new File([await response.blob()], name, { type, lastModified }) }]);
    await cache.delete(request);
  }
}
