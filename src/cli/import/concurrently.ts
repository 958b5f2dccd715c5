/**
 * Does something with every item, at most `width` at a time. After a failure nothing more is begun; what was
 * begun is waited for, and then the first failure is thrown.
 */
export async function concurrently<T>(
  items: Iterator<T>,
  width: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let item = items.next(); !item.done && !failed; item = items.next()) {
      await act(item.value).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const settled = await Promise.allSettled(Array.from({ length: width }, worker));
  const failure = settled.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}
