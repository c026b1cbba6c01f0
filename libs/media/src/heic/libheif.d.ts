/** What we use of libheif's bindings; the package has no types for its modules. */
declare module 'libheif-js/libheif-wasm/libheif-bundle.mjs' {
  export interface HeifError {
    code: unknown;
  }
  export interface HeifPlane {
    id: unknown;
    width: number;
    height: number;
    /** Bytes from one row to the next. */
    stride: number;
    /** A view of the instance's memory. */
    data: Uint8Array<ArrayBuffer>;
  }
  export type HeifContext = { readonly heifContext: unique symbol };
  export type HeifHandle = { readonly heifHandle: unique symbol };
  export interface LibHeif {
    heif_error_code: { heif_error_Ok: unknown };
    heif_colorspace: { heif_colorspace_RGB: unknown };
    heif_chroma: { heif_chroma_interleaved_RGBA: unknown };
    heif_channel: { heif_channel_interleaved: unknown };
    heif_context_alloc(): HeifContext;
    heif_context_read_from_memory(context: HeifContext, bytes: Uint8Array): HeifError;
    heif_js_context_get_primary_image_handle(context: HeifContext): HeifHandle | HeifError;
    heif_image_handle_get_width(handle: HeifHandle): number;
    heif_image_handle_get_height(handle: HeifHandle): number;
    heif_js_decode_image2(
      handle: HeifHandle,
      colorspace: unknown,
      chroma: unknown,
    ): { channels: HeifPlane[] } | HeifError;
  }
  const factory: (options: { print: () => void; printErr: () => void }) => LibHeif;
  export { factory as default };
}
