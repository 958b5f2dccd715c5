import { LoadGenerator } from '../load/generator.js';
import { openStage, type StageOptions } from './open-stage.js';
import { startServer, type BenchServer } from './server.js';
import type { Stage } from './stage.js';

export interface Theatre {
  readonly server: BenchServer;
  readonly stage: Stage;
  readonly generator: LoadGenerator;
}

/** Acts on a server, a stage and a load generator of its own, and takes them away again, whatever happened. */
export async function withStage<T>(
  options: Omit<StageOptions, 'database'>,
  act: (theatre: Theatre) => Promise<T>,
): Promise<T> {
  const server = await startServer();
  try {
    const stage = await openStage(server, { database: 'bench', ...options });
    const generator = await LoadGenerator.start();
    try {
      return await act({ server, stage, generator });
    } finally {
      await generator.close();
    }
  } finally {
    await server.stop();
  }
}
