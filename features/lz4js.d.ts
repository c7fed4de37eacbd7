/** The part of lz4js that is used; the package has no types of its own. */
declare module 'lz4js' {
  const lz4: Record<'compress' | 'decompress', (bytes: Uint8Array) => Uint8Array | number[]>;
  export default lz4;
}
