import { z } from 'zod';
import { word } from './shapes.ts';

const cursorForm = z.strictObject({
  /** Cutoff of the list being paged, so that a new list does not mix into an old one. */
  asOf: z.int().min(-8.64e15).max(8.64e15),
  sort: z.string(),
  key: z.union([word, z.number()]),
  entityId: word,
});

/** Where a page ended. */
export type Cursor = z.infer<typeof cursorForm>;

/** As text that fits into a URL. */
export function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** @returns null when the text is no cursor of ours */
export function readCursor(text: string): Cursor | null {
  try {
    const parsed = cursorForm.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
