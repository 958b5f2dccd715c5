import type { Basket } from './basket.js';

/** The first `limit` baskets in pieces of bounded number and size. */
export async function* takeChunks(
  baskets: AsyncIterable<Basket>,
  { chunkBaskets, chunkCharacters }: { readonly chunkBaskets: number; readonly chunkCharacters: number },
  limit: number,
): AsyncGenerator<readonly Basket[], undefined> {
  let chunk: Basket[] = [];
  let characters = 0;
  let taken = 0;
  for await (const basket of baskets) {
    chunk.push(basket);
    characters += basket.body.length;
    taken += 1;
    if (taken >= limit) break;
    if (chunk.length < chunkBaskets && characters < chunkCharacters) continue;
    yield chunk;
    chunk = [];
    characters = 0;
  }
  if (chunk.length > 0) yield chunk;
  return undefined;
}
