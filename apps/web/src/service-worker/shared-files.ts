/** Where files wait that another app shared, until the page takes them over. */
const waiting = 'heirloom-shared-files';

/** Takes files from the system's share sheet and shows the uploads, which asks for them by the message below. */
export async function takeSharedFiles(request: Request): Promise<Response> {
  const form = await request.formData();
  const files = form.getAll('files').filter((part) => part instanceof File);
  const cache = await caches.open(waiting);
  await Promise.all(
    files.map((file, i) =>
      cache.put(
        `/shared/${Date.now()}-${i}`,
        new Response(file, {
          headers: {
            'content-type': file.type,
            'x-file-name': encodeURIComponent(file.name),
            'x-modified-at': String(file.lastModified),
          },
        }),
      ),
    ),
  );
  return Response.redirect('/uploads?shared=1', 303);
}
