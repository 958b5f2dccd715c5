import { compareEntries, RunReader, type SortEntry } from './sorted-run.js';

/** Merges runs into one sequence in order of key; holds one block of each run. */
export async function* mergeRuns(paths: readonly string[]): AsyncGenerator<SortEntry> {
  const readers: RunReader[] = [];
  try {
    for (const path of paths) readers.push(await RunReader.open(path));
    const heap = readers.filter(({ current }) => current !== null);
    for (let index = (heap.length >> 1) - 1; index >= 0; index -= 1) siftDown(heap, index);
    for (let top = heap[0]; top?.current; top = heap[0]) {
      yield top.current;
      if (top.needsDisk) await top.advance();
      else top.advanceInMemory();
      if (top.current === null) removeTop(heap);
      siftDown(heap, 0);
    }
  } finally {
    await Promise.all(readers.map((reader) => reader.close()));
  }
}

function removeTop(heap: RunReader[]): void {
  const last = heap.pop();
  if (last && heap.length > 0) heap[0] = last;
}

function siftDown(heap: RunReader[], start: number): void {
  for (let index = start; ;) {
    const left = 2 * index + 1;
    let least = index;
    if (isBefore(heap[left], heap[least])) least = left;
    if (isBefore(heap[left + 1], heap[least])) least = left + 1;
    if (least === index) return;
    [heap[index], heap[least]] = [heap[least] as RunReader, heap[index] as RunReader];
    index = least;
  }
}

function isBefore(a: RunReader | undefined, b: RunReader | undefined): boolean {
  return Boolean(a?.current && b?.current && compareEntries(a.current, b.current) < 0);
}
