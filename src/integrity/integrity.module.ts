import { Module } from '@nestjs/common';
import { AnchorRounds } from './anchors/anchor-rounds.js';
import { AnchorsController } from './anchors/anchors.controller.js';
import { VerifyController } from './verify/verify.controller.js';
import { VerifyRuns } from './verify/verify-runs.js';
import { VerifyService } from './verify/verify.service.js';

/** The proof that the books are what the movements say: anchors and `verify`. It reads the tables of all modules. */
@Module({
  controllers: [VerifyController, AnchorsController],
  providers: [VerifyService, VerifyRuns, AnchorRounds],
})
export class IntegrityModule {}
