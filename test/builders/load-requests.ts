import type { LoadRequest } from '../../src/platform/pipeline/batch/load-request.js';
import type { Command } from '../../src/platform/pipeline/index.js';

/** Commands before their first attempt. */
export function loadRequests(...commands: readonly Command[]): LoadRequest[] {
  return commands.map((command) => ({ command, demands: null }));
}
